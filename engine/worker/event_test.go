package worker

import (
	"encoding/json"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

func TestEventIsJSON(t *testing.T) {
	want := driver.Event{Token: speech.Token{Start: 3, End: 120}, StartFrame: 0, EndFrame: 1 << 40}
	var got driver.Event
	if err := json.Unmarshal(appendEvent(nil, want), &got); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

// FuzzEvent holds both ways of reading an event to the same answer.
func FuzzEvent(f *testing.F) {
	f.Add(appendEvent(nil, driver.Event{Token: speech.Token{Start: 1, End: 2}, StartFrame: 3, EndFrame: 4}))
	f.Add([]byte(` {"token": {"start": 1, "end": 2}, "startFrame": 3, "endFrame": 4}`))
	f.Add([]byte(`{"token":{"start":01,"end":2},"startFrame":3,"endFrame":4}`))
	f.Add([]byte(`{"token":{"start":1,"end":2},"startFrame":99999999999999999999,"endFrame":4}`))
	f.Add([]byte(`{"token":{"start":-1,"end":2},"startFrame":3,"endFrame":4}}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, err := parseEvent(payload)
		var want driver.Event
		wantErr := json.Unmarshal(payload, &want)
		if (err == nil) != (wantErr == nil) || err == nil && got != want {
			t.Errorf("%q is %+v, %v; as JSON it is %+v, %v", payload, got, err, want, wantErr)
		}
	})
}
