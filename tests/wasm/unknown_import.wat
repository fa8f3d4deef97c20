(module
  (import "somewhere" "else" (func))
  (func (export "pre_http")))
