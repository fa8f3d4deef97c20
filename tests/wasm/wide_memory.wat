(module ;; wants 2 GiB from the start
  (memory (export "memory") 32768)
  (func (export "pre_http")))
