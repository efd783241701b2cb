package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// startDocument starts a long operation of SSML in an encoding, one of v1beta1 as
// well, at a rate. It returns the operation's name.
func (c *client) startDocument(ctx context.Context, encoding string, rate int, v *voice, ssml, uri string) (string, error) {
	request, err := json.Marshal(map[string]any{
		"input":        map[string]any{"ssml": "<speak>" + ssml + "</speak>"},
		"audioConfig":  map[string]any{"audioEncoding": encoding, "sampleRateHertz": rate},
		"outputGcsUri": uri,
		"voice":        map[string]any{"languageCode": v.LanguageCodes[0], "name": v.Name},
	})
	if err != nil {
		return "", err
	}
	var op struct{ Name string }
	answer, err := c.rest(ctx, http.MethodPost, "/v1beta1/"+parent+":synthesizeLongAudio", string(request))
	if err == nil {
		err = json.Unmarshal(answer, &op)
	}
	return op.Name, err
}

// succeeded waits for the operation's end, which must be its success.
func (c *client) succeeded(ctx context.Context, name string) error {
	op, err := c.finished(ctx, name)
	if err == nil && op.GetError() != nil {
		err = errors.New(op.GetError().GetMessage())
	}
	return err
}
