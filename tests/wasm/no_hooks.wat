(module (func (export "other")) (func (export "pre_http") (param i32)))
