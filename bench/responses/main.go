// Command responses documents the effects profiles: it sends sound through each
// and writes docs/profiles.md and a picture of each into docs/profiles. Run it
// at the repository's root after a profile was changed:
//
//	go run ./bench/responses
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/lectern/lectern/dsp"
)

func main() {
	log.SetFlags(0)
	if err := run("docs"); err != nil {
		log.Fatal(err)
	}
}

func run(docs string) error {
	files, err := document()
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(docs, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

const introduction = `# Effects profiles

` + "`effects_profile_id`" + ` fits speech to what it will be heard from. Several are applied in the order given. Each is
an equalizer, a compressor and a level, the same at every sample rate; filters beyond the rate are left out. Speech
at -20 LUFS keeps its loudness within 2 LU. Peaks may grow by up to 4 dB; the limiter behind holds them at -1 dBTP.
A compressor's makeup gain leaves -20 dB as it is.

This page and its pictures are measured, by ` + "`go run ./bench/responses`" + `. The left curve is the gain of soft
sound at each frequency against that at 1 kHz, the right one what becomes of a steady sine of 1 kHz at each level.

| profile | for | equalizer | compressor | level | 60 Hz | 300 Hz | 3.4 kHz | 10 kHz |
|---|---|---|---|---|---|---|---|---|
`

// document is what there is to write: contents by the names of files.
func document() (map[string]string, error) {
	files := make(map[string]string)
	page, pictures := new(strings.Builder), new(strings.Builder)
	page.WriteString(introduction)
	for _, id := range dsp.Profiles() {
		effect, _ := dsp.Profile(id)
		text, _ := dsp.DescribeProfile(id)
		frequencies, err := measureFrequencies(effect)
		if err != nil {
			return nil, err
		}
		levels, err := measureLevels(effect)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(page, "| `%s` | %s | %s | %s | %+.1f dB |", id, text.Purpose, text.Equalizer, text.Dynamics, text.Level)
		for _, hertz := range []float64{60, 300, 3400, 10000} {
			fmt.Fprintf(page, " %+.1f dB |", frequencies.at(hertz))
		}
		page.WriteString("\n")
		fmt.Fprintf(pictures, "\n## %s\n\n![measured response of %s](profiles/%s.svg)\n", id, id, id)
		files["profiles/"+id+".svg"] = picture(id, frequencies, levels)
	}
	files["profiles.md"] = page.String() + pictures.String()
	return files, nil
}
