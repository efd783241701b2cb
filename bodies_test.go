package lectern_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestLongestBodies: text:synthesize takes 5,000 bytes in JSON's longest spelling, with
// thousands of pronunciations, and bodies of no other length than one can have; the body
// of a long operation may have more.
func TestLongestBodies(t *testing.T) {
	c := tones()
	c.Listen = "127.0.0.1:0"
	url := "http://" + running(t, c).Addr().String()
	post := func(path, body string) (code int, text string) {
		t.Helper()
		answer, err := http.Post(url+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		all, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(all)
	}
	const rest = `"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"MULAW","sampleRateHertz":8000}`
	var pronunciations []string
	for i := range 4000 {
		pronunciations = append(pronunciations, fmt.Sprintf(`{"phrase":"word %d","phoneticEncoding":"PHONETIC_ENCODING_IPA","pronunciation":"wɜːd wɜːd wɜːd"}`, i))
	}
	longest := `{"input":{"text":"` + strings.Repeat(`\u0061\u0020`, 2500) + `","customPronunciations":{"pronunciations":[` + strings.Join(pronunciations, ",") + `]}},` + rest + `}`
	const limit = 6*5000 + 512<<10
	if len(longest) > limit || len(longest) < limit*3/4 {
		t.Fatalf("the test's body has %d bytes", len(longest))
	}
	for _, path := range []string{"/v1/text:synthesize", "/v1beta1/text:synthesize"} {
		if code, text := post(path, longest+strings.Repeat(" ", limit-len(longest))); code != http.StatusOK {
			t.Errorf("%s: the longest body is answered with %d %.300s", path, code, text)
		}
		code, text := post(path, longest+strings.Repeat(" ", limit-len(longest)+1))
		if want := fmt.Sprintf("Request payload size exceeds the limit: %d bytes.", limit); code != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s: one byte more is answered with %d %.300s", path, code, text)
		}
	}
	long := `{"input":{"text":"Hello."},` + rest + `,"outputGcsUri":"gs://books/x.wav"}` + strings.Repeat(" ", limit)
	if code, text := post("/v1/projects/p/locations/l:synthesizeLongAudio", long); code != http.StatusOK {
		t.Errorf("a long operation's body is answered with %d %.300s", code, text)
	}
}
