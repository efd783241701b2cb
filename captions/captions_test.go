package captions_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/captions"
)

const rate audio.SampleRate = 1000 // a frame is a millisecond

func write(t *testing.T, format captions.Format, words []captions.Word, marks map[string]audio.Frames) string {
	t.Helper()
	var b strings.Builder
	w, err := captions.NewWriter(&b, format, rate)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range words {
		w.Word(word)
	}
	for name, at := range marks {
		w.Mark(name, at)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var hello = []captions.Word{
	{Text: "Tom", Start: 0, End: 400},
	{Text: "<&", Start: 400, End: 500},
	{Text: "Jerry.", Start: 500, End: 1000, EndsSentence: true},
	{Text: "Gone!", Start: 3_723_004, End: 3_723_500, EndsSentence: true},
}

func TestSubRip(t *testing.T) {
	const want = "1\n00:00:00,000 --> 00:00:01,000\nTom <& Jerry.\n\n2\n01:02:03,004 --> 01:02:03,500\nGone!\n\n"
	if got := write(t, captions.SubRip, hello, nil); got != want {
		t.Errorf("%q", got)
	}
}

func TestWebVTT(t *testing.T) {
	const want = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\nTom &lt;&amp; Jerry.\n\n2\n01:02:03.004 --> 01:02:03.500\nGone!\n\n"
	if got := write(t, captions.WebVTT, hello, nil); got != want {
		t.Errorf("%q", got)
	}
}

func TestJSON(t *testing.T) {
	var got struct {
		Words []struct {
			Text       string
			Start, End float64
		}
		Marks []struct {
			Name string
			Time float64
		}
	}
	text := write(t, captions.JSON, hello, map[string]audio.Frames{"here": 1500})
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if len(got.Words) != 4 || got.Words[1].Text != "<&" || got.Words[3].Start != 3723.004 || got.Words[3].End != 3723.5 {
		t.Errorf("words %+v", got.Words)
	}
	if len(got.Marks) != 1 || got.Marks[0].Name != "here" || got.Marks[0].Time != 1.5 {
		t.Errorf("marks %+v", got.Marks)
	}
}

func TestNothingIsWellFormed(t *testing.T) {
	var lists map[string][]any
	if err := json.Unmarshal([]byte(write(t, captions.JSON, nil, nil)), &lists); err != nil || len(lists) != 2 {
		t.Errorf("%v %v", lists, err)
	}
	if got := write(t, captions.SubRip, nil, nil); got != "" {
		t.Errorf("%q", got)
	}
}

// Long sentences become captions of two lines of 42 characters and seven
// seconds at most, and no word is lost.
func TestCaptionsAreReadable(t *testing.T) {
	var words []captions.Word
	at := audio.Frames(0)
	for range 200 {
		words = append(words, captions.Word{Text: "wonderful", Start: at, End: at + 300})
		at += 300
	}
	words = append(words, captions.Word{Text: strings.Repeat("x", 100), Start: at, End: at + 300})
	got := write(t, captions.SubRip, words, nil)
	if n := strings.Count(got, "wonderful"); n != 200 {
		t.Errorf("%d words of 200", n)
	}
	for caption := range strings.SplitSeq(strings.TrimSpace(got), "\n\n") {
		lines := strings.Split(caption, "\n")
		if len(lines) < 3 || len(lines) > 4 {
			t.Errorf("a caption of %d lines: %q", len(lines)-2, caption)
		}
		for _, line := range lines[2:] {
			if len(line) > 42 && !strings.HasPrefix(line, "xxx") {
				t.Errorf("a line of %d characters", len(line))
			}
		}
	}
}

func TestFormats(t *testing.T) {
	for name, want := range map[string]captions.Format{"json": captions.JSON, ".SRT": captions.SubRip, "vtt": captions.WebVTT} {
		if got, ok := captions.ParseFormat(name); !ok || got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if _, ok := captions.ParseFormat("txt"); ok {
		t.Error("txt is a format")
	}
}
