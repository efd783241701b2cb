package peers_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// post sends JSON to a server and returns the answer's status and body.
func (p *program) post(t *testing.T, path, body string, headers ...string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+p.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(b, &answer); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return resp.StatusCode, answer
}

// synthesize asks v1beta1 for speech and returns the answer and its sound.
func (p *program) synthesize(t *testing.T, body string) (map[string]any, []byte) {
	t.Helper()
	status, answer := p.post(t, "/v1beta1/text:synthesize", body)
	if status != http.StatusOK {
		t.Fatalf("%s: %v", body, answer)
	}
	sound, err := base64.StdEncoding.DecodeString(answer["audioContent"].(string))
	if err != nil {
		t.Fatal(err)
	}
	return answer, sound
}

// seconds is how long an independent decoder takes a file to play.
func seconds(t *testing.T, file []byte) float64 {
	t.Helper()
	cmd := exec.Command(needs.Program(t, "ffmpeg"), "-v", "error", "-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "24000", "pipe:1")
	cmd.Stdin = bytes.NewReader(file)
	raw, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return float64(len(raw)) / 2 / 24000
}

func TestTimepoints(t *testing.T) {
	p := serve(t, t.TempDir())
	for _, voice := range []string{"en-US-Flite-Slt", "en-US-Espeak-1"} {
		answer, sound := p.synthesize(t, `{"input":{"ssml":"<speak><mark name=\"a\"/>One two <mark name=\"b\"/>three.<break time=\"1s\"/><mark name=\"c\"/>Four.<mark name=\"d\"/></speak>"},
			"voice":{"languageCode":"en-US","name":"`+voice+`"},"audioConfig":{"audioEncoding":"LINEAR16","sampleRateHertz":24000},"enableTimePointing":["SSML_MARK"]}`)
		length := float64(len(sound)-44) / 2 / 24000
		last := 0.0
		points, _ := answer["timepoints"].([]any)
		if len(points) != 4 {
			t.Fatalf("%s: %v", voice, points)
		}
		var at []float64
		for i, point := range points {
			p := point.(map[string]any)
			seconds, _ := p["timeSeconds"].(float64)
			if p["markName"] != string(rune('a'+i)) || seconds < last || seconds > length {
				t.Errorf("%s: %v in %.2f s", voice, points, length)
			}
			last = seconds
			at = append(at, seconds)
		}
		if at[0] > 0.3 || at[2]-at[1] < 1.1 || length-at[3] > 0.5 {
			t.Errorf("%s: %v in %.2f s", voice, at, length)
		}
		if config, _ := answer["audioConfig"].(map[string]any); config["sampleRateHertz"] != 24000.0 || config["audioEncoding"] != "LINEAR16" {
			t.Errorf("audioConfig is %v", config)
		}
	}
}

// Every encoding of one text lasts as long as every other one.
func TestEncodingsLastTheSame(t *testing.T) {
	p := serve(t, t.TempDir())
	body := `{"input":{"text":"The quick brown fox jumps over the lazy dog."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":%q,"sampleRateHertz":24000}}`
	_, wav := p.synthesize(t, fmt.Sprintf(body, "LINEAR16"))
	want := seconds(t, wav)
	for _, encoding := range []string{"MULAW", "ALAW", "MP3", "MP3_64_KBPS", "OGG_OPUS", "M4A"} {
		_, file := p.synthesize(t, fmt.Sprintf(body, encoding))
		if got := seconds(t, file); got < want-0.05 || got > want+0.05 {
			t.Errorf("%s lasts %.3f s, LINEAR16 %.3f s", encoding, got, want)
		}
	}
}

// Every setting of the request does something.
func TestSettingsAreHeard(t *testing.T) {
	p := serve(t, t.TempDir())
	const text = `"input":{"text":"Good morning to all of you."}`
	_, plain := p.synthesize(t, `{`+text+`,"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"PCM"}}`)
	for _, voice := range []string{"en-US-Flite-Slt", "en-US-Espeak-1", "en-US-Flite-Kal16"} {
		head := `{` + text + `,"voice":{"languageCode":"en-US","name":"` + voice + `"},"audioConfig":{"audioEncoding":"PCM","sampleRateHertz":24000`
		_, plain := p.synthesize(t, head+`}}`)
		for _, setting := range []struct {
			json   string
			length float64 // as a multiple of the plain one
		}{
			{`"speakingRate":0.5`, 2}, {`"speakingRate":2`, 0.5}, {`"speakingRate":0.25`, 4}, {`"pitch":-20`, 1}, {`"pitch":12`, 1},
			{`"volumeGainDb":16`, 1}, {`"volumeGainDb":-10`, 1}, {`"effectsProfileId":["telephony-class-application","headphone-class-device"]`, 1},
		} {
			_, got := p.synthesize(t, head+`,`+setting.json+`}}`)
			if x := float64(len(got)) / float64(len(plain)); x < 0.96*setting.length || x > 1.04*setting.length {
				t.Errorf("%s with %s is %.3f times as long", voice, setting.json, x)
			}
			if bytes.Equal(got, plain) {
				t.Errorf("%s with %s is as without", voice, setting.json)
			}
		}
	}
	for _, other := range []string{
		`{"input":{"text":"Good morning to all of you.","customPronunciations":{"pronunciations":[{"phrase":"morning","phoneticEncoding":"PHONETIC_ENCODING_IPA","pronunciation":"ˈiːvnɪŋ"}]}},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"PCM"}}`,
		`{"input":{"markup":"Good morning [pause long] to all of you."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"PCM"}}`,
		`{"input":{"multiSpeakerMarkup":{"turns":[{"speaker":"A","text":"Good morning"},{"speaker":"B","text":"to all of you."}]}},
		  "voice":{"languageCode":"en-US","multiSpeakerVoiceConfig":{"speakerVoiceConfigs":[{"speakerAlias":"A","speakerId":"Kore"},{"speakerAlias":"B","speakerId":"Charon"}]}},"audioConfig":{"audioEncoding":"PCM","sampleRateHertz":16000}}`,
		`{"input":{"text":"Good morning to all of you."},"voice":{"languageCode":"en-US","name":"en-US-Chirp3-HD-Charon"},"audioConfig":{"audioEncoding":"PCM"}}`,
	} {
		if _, got := p.synthesize(t, other); len(got) < 16000 || bytes.Equal(got, plain) {
			t.Errorf("%d bytes for %s", len(got), other)
		}
	}
}

// Captions of a long operation stand beside its object, and follow its sound.
func TestCaptions(t *testing.T) {
	p := serve(t, t.TempDir())
	text := strings.Repeat("It was the best of times, it was the worst of times. ", 300)
	status, answer := p.post(t, "/v1/projects/p/locations/l:synthesizeLongAudio",
		`{"input":{"text":"`+text+`"},"voice":{"languageCode":"en-US","name":"en-US-Espeak-1"},"audioConfig":{"audioEncoding":"OGG_OPUS"},"outputGcsUri":"gs://books/a/times.ogg"}`,
		"x-lectern-captions", "json, srt,vtt")
	if status != http.StatusOK {
		t.Fatal(answer)
	}
	if out, err := exec.Command(filepath.Join(programs, "lectern"), "operations", "wait", answer["name"].(string), "--server", p.address).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(p.data, "buckets", "books", "a", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	length := seconds(t, read("times.ogg"))
	var told struct {
		Words []struct {
			Text       string
			Start, End float64
		}
	}
	if err := json.Unmarshal(read("times.json"), &told); err != nil {
		t.Fatal(err)
	}
	if want := 12 * 300; len(told.Words) != want {
		t.Errorf("%d words, want %d", len(told.Words), want)
	}
	last := 0.0
	for i, w := range told.Words {
		if w.Start < last || w.End < w.Start || w.End > length+0.05 {
			t.Fatalf("word %d, %+v, after %.3f s of %.3f", i, w, last, length)
		}
		last = w.Start
	}
	if length-last > 2 {
		t.Errorf("the last word is at %.2f s of %.2f", last, length)
	}
	if captions := string(read("times.srt")); !strings.HasPrefix(captions, "1\n00:00:00,") || strings.Count(captions, "of times.") < 300 {
		t.Errorf("captions begin with %.100q", captions)
	}
	if captions := string(read("times.vtt")); !strings.HasPrefix(captions, "WEBVTT\n\n1\n00:00:00.") {
		t.Errorf("captions begin with %.100q", captions)
	}
	status, answer = p.post(t, "/v1/projects/p/locations/l:synthesizeLongAudio", `{}`, "x-lectern-captions", "doc")
	if status != http.StatusBadRequest {
		t.Errorf("a format that there is none of: %d %v", status, answer)
	}
}

// A cancelled operation leaves no captions either.
func TestCancelledCaptions(t *testing.T) {
	p := serve(t, t.TempDir())
	_, answer := p.post(t, "/v1/projects/p/locations/l:synthesizeLongAudio",
		`{"input":{"text":`+strconv.Quote(bookText)+`},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"MP3"},"outputGcsUri":"gs://books/gone.mp3"}`,
		"x-lectern-sidecar", "srt")
	name := answer["name"].(string)
	if status, answer := p.post(t, "/v1/"+name+":cancel", ""); status != http.StatusOK {
		t.Fatal(answer)
	}
	if files, _ := filepath.Glob(filepath.Join(p.data, "buckets", "*", "*")); len(files) > 0 {
		t.Errorf("a cancelled operation leaves %v", files)
	}
}
