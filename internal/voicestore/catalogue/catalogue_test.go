package catalogue_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
)

// piper is Piper's own catalogue as it was published with piper-tts 1.2.0.
func piper(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	file, err := os.Open("testdata/voices.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	gz, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(gz)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Piper(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var hex64 = regexp.MustCompile(`^[0-9a-f]{64}$`)

func TestEmbedded(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		c := catalogue.Embedded("linux", arch)
		if len(c.Items) != 1+1+5+1+1+54 {
			t.Errorf("%s has %d items", arch, len(c.Items))
		}
		names := map[string]bool{}
		for _, item := range c.Items {
			for _, name := range append(item.Aliases, item.Name) {
				if names[strings.ToLower(name)] {
					t.Errorf("two items are %s", name)
				}
				names[strings.ToLower(name)] = true
			}
			if !voicestore.ValidName(item.Name) || item.Version == "" || item.Licence == "" || item.Credit == "" || len(item.Get) == 0 {
				t.Errorf("%s lacks something: %+v", item.Name, item)
			}
			if item.Class != voicestore.Free && item.Class != voicestore.Attribution {
				t.Errorf("%s is %s", item.Name, item.Class)
			}
			for _, need := range item.Needs {
				if _, ok := c.Find(need); !ok {
					t.Errorf("%s needs %s, which there is none of", item.Name, need)
				}
			}
			for _, f := range item.Get {
				checkFile(t, c, item, f)
			}
			for _, v := range item.Voices {
				checkVoice(t, item, v)
			}
		}
	}
	if _, ok := catalogue.Embedded("windows", "amd64").Find("onnxruntime"); ok {
		t.Error("a runtime for Linux is offered to others")
	}
}

func checkFile(t *testing.T, c *catalogue.Catalogue, item catalogue.Item, f catalogue.File) {
	t.Helper()
	if !hex64.MatchString(f.SHA256) || f.Size <= 0 {
		t.Errorf("%s/%s has no digest or no size", item.Name, f.Name)
	}
	if f.At == "" && len(f.Pieces) == 0 && f.Text == "" {
		t.Errorf("%s/%s is nowhere", item.Name, f.Name)
	}
	for _, p := range f.Pieces {
		if a, ok := c.Archives[p.Archive]; !ok || !hex64.MatchString(a.SHA256) || a.Size <= 0 || a.File == "" {
			t.Errorf("%s/%s is in the unknown package %s", item.Name, f.Name, p.Archive)
		}
	}
	if f.Text == "" {
		return
	}
	text, err := catalogue.Text(f.Text)
	sum := sha256.Sum256(text)
	if err != nil || hex.EncodeToString(sum[:]) != f.SHA256 {
		t.Errorf("%s/%s is another text: %v", item.Name, f.Name, err)
	}
}

func checkVoice(t *testing.T, item catalogue.Item, v voicestore.Voice) {
	t.Helper()
	if len(v.Languages) == 0 || !strings.HasPrefix(v.Name, v.Languages[0]+"-") || v.NaturalSampleRateHertz == 0 || v.EngineName == "" {
		t.Errorf("%s has the voice %+v", item.Name, v)
	}
	for _, part := range v.Parts {
		need, _, other := strings.Cut(part, "/")
		here := slices.ContainsFunc(item.Get, func(f catalogue.File) bool { return f.Name == part })
		if !here && !(other && slices.Contains(item.Needs, need)) {
			t.Errorf("%s has no file %s", item.Name, part)
		}
	}
}

func TestFind(t *testing.T) {
	c := catalogue.Embedded("linux", "amd64")
	for name, want := range map[string]string{
		"heart": "heart", "Heart": "heart", "en-US-Hibari-Heart": "heart", "en-us-hibari-heart": "heart",
		"af_heart": "af_heart", "kokoro/af_heart": "af_heart", "en-US-Kokoro-AfHeart": "af_heart",
		"en_US-joe-medium": "joe", "en-US-Piper-Joe": "joe", "zf_xiaobei": "zf_xiaobei", "cmn-CN-Kokoro-ZfXiaobei": "zf_xiaobei",
	} {
		if item, ok := c.Find(name); !ok || item.Name != want {
			t.Errorf("%s is %q", name, item.Name)
		}
	}
	if item, ok := c.Find("hear"); ok {
		t.Errorf("hear is %q", item.Name)
	}
}

func TestPiper(t *testing.T) {
	c := piper(t)
	if len(c.Items) != 97 {
		t.Errorf("there are %d voices of 97", len(c.Items))
	}
	names := map[string]string{}
	for _, item := range c.Items {
		if item.Get[0].Name != catalogue.CardFile {
			t.Errorf("%s does not begin with its card: %v", item.Name, item.Get)
		}
		for _, v := range item.Voices {
			checkVoice(t, item, v)
			if other, taken := names[v.Name]; taken {
				t.Errorf("%s and %s both have a voice %s", other, item.Name, v.Name)
			}
			names[v.Name] = item.Name
		}
	}
	for name, want := range map[string]string{
		"en-US-Piper-Lessac": "en_US-lessac-medium", "en-US-Piper-LessacHigh": "en_US-lessac-high",
		"en-US-Piper-LessacLow": "en_US-lessac-low", "cmn-CN-Piper-Huayan": "zh_CN-huayan-medium",
		"pt-PT-Piper-Tugao":       "pt_PT-tugao-medium",
		"nb-NO-Piper-Talesyntese": "no_NO-talesyntese-medium", "en-US-Piper-ArcticAwb": "en_US-arctic-medium",
		"de-DE-Piper-ThorstenEmotionalWhisper": "de_DE-thorsten_emotional-medium",
	} {
		if names[name] != want {
			t.Errorf("%s is %q, not %q", name, names[name], want)
		}
	}
	joe, _ := c.Find("en_US-joe-medium")
	if at := joe.Get[2]; at.At != "hub:rhasspy/piper-voices/resolve/main/en/en_US/joe/medium/en_US-joe-medium.onnx" || at.Size != 63201294 {
		t.Errorf("joe's model is %+v", at)
	}
}

func TestPiperRefusesNonsense(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", "<html>", `{"a":1}`} {
		if c, err := catalogue.Piper([]byte(text)); err == nil {
			t.Errorf("%q has %d voices", text, len(c.Items))
		}
	}
	const digest = `"size_bytes":1,"md5_digest":"00000000000000000000000000000000"`
	for name, text := range map[string]string{
		"a key that is a path":    `{"../x":{"name":"x","language":{"code":"en_US"},"files":{"a/../x.onnx":{` + digest + `}}}}`,
		"a file outside the base": `{"x":{"name":"x","language":{"code":"en_US"},"files":{"../x.onnx":{` + digest + `},"x.onnx.json":{` + digest + `},"MODEL_CARD":{` + digest + `}}}}`,
		"no card":                 `{"x":{"name":"x","language":{"code":"en_US"},"files":{"x.onnx":{` + digest + `},"x.onnx.json":{` + digest + `}}}}`,
		"no digest":               `{"x":{"name":"x","language":{"code":"en_US"},"files":{"x.onnx":{"size_bytes":1},"x.onnx.json":{` + digest + `},"MODEL_CARD":{` + digest + `}}}}`,
	} {
		if c, err := catalogue.Piper([]byte(text)); err == nil && len(c.Items) > 0 {
			t.Errorf("%s: %+v", name, c.Items)
		}
	}
}

func TestLicences(t *testing.T) {
	const free, attribution, no, unclear = voicestore.Free, voicestore.Attribution, voicestore.NonCommercial, voicestore.Unclear
	for line, want := range map[string]voicestore.Class{
		"CC0": free, "CC-0": free, "Public Domain": free, "public domain (LibriVox)": free, "MIT": free, "Apache 2.0": free,
		"https://creativecommons.org/publicdomain/zero/1.0/": free, "BSD-3-Clause": free,
		"CC BY 4.0": attribution, "CC-BY": attribution, "https://creativecommons.org/licenses/by/4.0/": attribution,
		"Creative Commons Attribution 4.0 International": attribution,
		"CC BY-SA 4.0": unclear, "https://creativecommons.org/licenses/by-sa/4.0": unclear, "CC BY-ND": unclear,
		"GPL-3.0": unclear, "Unknown": unclear, "See URL": unclear, "": unclear, "https://example.com/licence": unclear, "Permitted": unclear,
		"CC BY-NC-SA 4.0": no, "https://creativecommons.org/licenses/by-nc/4.0/": no, "non-commercial use only": no,
		"Blizzard 2013 licence": no, "http://www.cstr.ed.ac.uk/projects/blizzard/2011/lessac_blizzard2011/license.html": no,
		"MIT, non commercial": no, "Research only": no,
	} {
		if got := catalogue.Classify(line); got != want {
			t.Errorf("%q is %s, not %s", line, got, want)
		}
	}
	for card, want := range map[string]voicestore.Class{
		"# Model card for joe (medium)\n\n## Dataset\n\n* URL: https://github.com/NabuCasa/voice-datasets\n* License: CC0\n\n## Training\n\nFinetuned from U.S. English lessac voice (medium quality).\n": free,
		"* License: CC BY 4.0\n* License: CC BY-NC 4.0\n":    no,
		"* Licence: MIT\n\nThe data is for research only.\n": no,
		"* URL: https://x\n\n## Training\n\nFrom scratch.\n": unclear,
		"## Dataset\n* License: Public Domain\n":             free,
		"**License:** CC BY 4.0\r\n":                         attribution,
	} {
		if licence, got := catalogue.Card(card); got != want {
			t.Errorf("%q is %s by %q, not %s", card, got, licence, want)
		}
	}
}
