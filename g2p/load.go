package g2p

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"unicode/utf8"
)

// Open loads what is needed for a language, "en-US" or "en-GB", from the files that
// the wheel of hibari-tts has in hibari/assets: two lexicons, the tagger, the
// tokenizer's exceptions, vocab.json and, where unknown is not nil, oov.json or
// oov_gb.json. Without unknown, words that no dictionary has are spelled letter by
// letter. An error names the file.
func Open(files fs.FS, language string, unknown Unknown) (*English, error) {
	country, guesses := "us", "oov.json"
	switch language {
	case "en-US":
	case "en-GB":
		country, guesses = "gb", "oov_gb.json"
	default:
		return nil, fmt.Errorf("g2p: no tables for the language %q: en-US and en-GB are read", language)
	}
	e := new(English)
	e.lexicon.british = country == "gb"
	steps := []func() error{ // longest first: they run side by side
		func() error { return load(files, "tagger.json.gz", e.tagger.parse) },
		func() error { return load(files, "lexicon_"+country+"_silver.json.gz", e.lexicon.silver.parse) },
		func() error { return load(files, "lexicon_"+country+"_gold.json.gz", e.lexicon.gold.parse) },
		func() error { return load(files, "tokenizer_exceptions.json", e.tokenizer.parse) },
		func() error { return load(files, "vocab.json", e.parseVocabulary) },
	}
	if unknown != nil {
		e.guess = &guesser{run: unknown}
		steps = append(steps, func() error { return load(files, guesses, e.guess.parse) })
	}
	errs := make([]error, len(steps))
	var all sync.WaitGroup
	for i, step := range steps {
		all.Go(func() { errs[i] = step() })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return e, nil
}

// load parses one file, which is unpacked if its name ends in .gz.
func load(files fs.FS, name string, parse func([]byte) error) error {
	data, err := fs.ReadFile(files, name)
	if err == nil && strings.HasSuffix(name, ".gz") {
		data, err = unpack(data)
	}
	if err == nil {
		err = parse(data)
	}
	if err != nil {
		return fmt.Errorf("g2p: %s: %w; install the voice again", name, err)
	}
	return nil
}

// maxUnpacked is more than any of the files has.
const maxUnpacked = 64 << 20

func unpack(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Grow(min(5*len(data), maxUnpacked))
	if n, err := io.Copy(&b, io.LimitReader(r, maxUnpacked)); err != nil || n == maxUnpacked {
		return nil, errors.Join(err, errors.New("cannot be unpacked"))
	}
	return b.Bytes(), nil
}

// parseVocabulary reads which characters the model has.
func (e *English) parseVocabulary(data []byte) error {
	var numbers map[string]int
	if err := json.Unmarshal(data, &numbers); err != nil {
		return err
	}
	e.vocab = make(map[rune]bool, len(numbers))
	for char := range numbers {
		if utf8.RuneCountInString(char) == 1 {
			e.vocab[first(char)] = true
		}
	}
	return nil
}
