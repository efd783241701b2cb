package worker

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/lectern/lectern/engine/driver"
)

// eventForm is how Serve writes an event: these texts with a number after each.
// Reading exactly this form without a JSON decoder halves what the pipe costs;
// any other spelling, from workers in other languages, is decoded as JSON.
var eventForm = [4]string{`{"token":{"start":`, `,"end":`, `},"startFrame":`, `,"endFrame":`}

const eventClose = `}`

func appendEvent(to []byte, e driver.Event) []byte {
	for i, n := range [4]int64{int64(e.Token.Start), int64(e.Token.End), e.StartFrame, e.EndFrame} {
		to = strconv.AppendInt(append(to, eventForm[i]...), n, 10)
	}
	return append(to, eventClose...)
}

func parseEvent(payload []byte) (e driver.Event, err error) {
	if e, ok := parseOwnForm(payload); ok {
		return e, nil
	}
	err = json.Unmarshal(payload, &e)
	return e, err
}

func parseOwnForm(payload []byte) (e driver.Event, ok bool) {
	const mostDigits = 18 // of any number that fits an int64
	var numbers [4]int64
	for i, text := range eventForm {
		rest, found := bytes.CutPrefix(payload, []byte(text))
		if !found {
			return e, false
		}
		digits := 0
		for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
			numbers[i] = 10*numbers[i] + int64(rest[digits]-'0')
			digits++
		}
		if digits == 0 || digits > mostDigits || digits > 1 && rest[0] == '0' {
			return e, false
		}
		payload = rest[digits:]
	}
	e.Token.Start, e.Token.End = int(numbers[0]), int(numbers[1])
	e.StartFrame, e.EndFrame = numbers[2], numbers[3]
	return e, string(payload) == eventClose
}
