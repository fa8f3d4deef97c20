// Turns one user away, and marks all other requests. Config: `deny` = the user's name.
package main

import (
	"encoding/json"

	"butter/butter"
)

func main() {}

//go:wasmexport pre_http
func preHTTP() int32 {
	return butter.Run(func(in butter.Input) (*butter.Output, error) {
		var body struct {
			User string `json:"user"`
		}
		if len(in.Body) > 0 {
			if err := json.Unmarshal(in.Body, &body); err != nil {
				return nil, err
			}
		}
		if denied, _ := butter.Config("deny"); body.User != "" && body.User == denied {
			butter.Log("turned a user away")
			return butter.Answer(403, `{"error":{"message":"this user is not allowed"}}`), nil
		}
		return &butter.Output{
			Metadata: map[string]any{"seen_by": "go"},
			Headers:  map[string]string{"X-Seen-By": "go"},
		}, nil
	})
}
