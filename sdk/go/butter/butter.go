// Package butter is what a plugin in Go needs of its host, without other packages. Build with Go
// 1.24 or newer:
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -ldflags='-s -w' -o plugin.wasm ./example
//
// A hook is a function of its own, exported by its name:
//
//	//go:wasmexport pre_http
//	func preHTTP() int32 { return butter.Run(func(in butter.Input) (*butter.Output, error) { ... }) }
package butter

import "encoding/json"

// Input is what a hook is told. docs/plugins.md says which hook has which fields.
type Input struct {
	Hook     string            `json:"hook"`
	Provider string            `json:"provider"`
	Model    string            `json:"model"`
	Body     json.RawMessage   `json:"body"`
	Headers  map[string]string `json:"headers"`
	Metadata map[string]any    `json:"metadata"`
	Status   int               `json:"status"`
	Response json.RawMessage   `json:"response"`
}

// Output is what a hook changes. What is empty stays as it is.
type Output struct {
	Body               json.RawMessage   `json:"body,omitempty"`
	Metadata           map[string]any    `json:"metadata,omitempty"`
	Headers            map[string]string `json:"headers,omitempty"`
	ShortCircuit       bool              `json:"short_circuit,omitempty"`
	ShortCircuitBody   json.RawMessage   `json:"short_circuit_body,omitempty"`
	ShortCircuitStatus int               `json:"short_circuit_status,omitempty"`
}

// Answer ends the request with a status and a JSON body.
func Answer(status int, body string) *Output {
	return &Output{ShortCircuit: true, ShortCircuitStatus: status, ShortCircuitBody: json.RawMessage(body)}
}

// Run reads the input, calls the hook and writes its output. Its result is the export's.
func Run(hook func(Input) (*Output, error)) int32 {
	var in Input
	if err := json.Unmarshal(input(), &in); err != nil {
		return failed(err)
	}
	out, err := hook(in)
	if err != nil {
		return failed(err)
	}
	if out == nil {
		return 0
	}
	text, err := json.Marshal(out)
	if err != nil {
		return failed(err)
	}
	outputSet(give(text), uint64(len(text)))
	return 0
}

func failed(err error) int32 {
	errorSet(give([]byte(err.Error())))
	return 1
}

// Config is a value of the plugin's `config`.
func Config(key string) (string, bool) {
	block := configGet(give([]byte(key)))
	return string(take(block)), block != 0
}

// Var is a value that a warm instance keeps from call to call; it may be gone at any call.
func Var(key string) []byte { return take(varGet(give([]byte(key)))) }

// SetVar sets one.
func SetVar(key string, value []byte) { varSet(give([]byte(key)), give(value)) }

// Log writes a line to the gateway's log.
func Log(text string) { logInfo(give([]byte(text))) }

// Warn writes one as a warning.
func Warn(text string) { logWarn(give([]byte(text))) }

func input() []byte {
	bytes := make([]byte, inputLength())
	copyOut(bytes, inputLoad8, inputLoad64, 0)
	return bytes
}

// take copies a block of the host's memory, and frees it there.
func take(block uint64) []byte {
	if block == 0 {
		return nil
	}
	bytes := make([]byte, length(block))
	copyOut(bytes, load8, load64, block)
	free(block)
	return bytes
}

func copyOut(to []byte, load8 func(uint64) uint32, load64 func(uint64) uint64, from uint64) {
	i := 0
	for ; i+8 <= len(to); i += 8 {
		word := load64(from + uint64(i))
		for k := range 8 {
			to[i+k] = byte(word >> (8 * k))
		}
	}
	for ; i < len(to); i++ {
		to[i] = byte(load8(from + uint64(i)))
	}
}

// give copies bytes into a block of the host's memory.
func give(bytes []byte) uint64 {
	block := alloc(uint64(len(bytes)))
	i := 0
	for ; i+8 <= len(bytes); i += 8 {
		var word uint64
		for k := range 8 {
			word |= uint64(bytes[i+k]) << (8 * k)
		}
		store64(block+uint64(i), word)
	}
	for ; i < len(bytes); i++ {
		store8(block+uint64(i), uint32(bytes[i]))
	}
	return block
}
