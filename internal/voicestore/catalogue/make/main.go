// Command make writes catalogue.json out of the archives themselves, whose
// digests and contents it takes:
//
//	go run ./internal/voicestore/catalogue/make DIR > internal/voicestore/catalogue/catalogue.json
//
// DIR holds the wheels and the tarball that the table in tables.go names.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: make DIR")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir string) error {
	w := &writer{dir: dir, contents: map[string]map[string][]byte{}}
	c := catalogue.Catalogue{Archives: map[string]catalogue.Archive{}}
	for key, a := range archives {
		text, err := os.ReadFile(filepath.Join(dir, a.File))
		if err != nil {
			return err
		}
		a.Size, a.SHA256 = int64(len(text)), sum(text)
		c.Archives[key] = a
		if w.contents[key], err = unpack(text); err != nil {
			return fmt.Errorf("%s: %w", a.File, err)
		}
	}
	items, err := w.items()
	if err != nil {
		return err
	}
	c.Items = items
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(c); err != nil {
		return err
	}
	_, err = os.Stdout.Write(out.Bytes())
	return err
}

type writer struct {
	dir      string
	contents map[string]map[string][]byte
	err      error
}

// file is one that consists of pieces.
func (w *writer) file(name, at string, pieces ...catalogue.Piece) catalogue.File {
	var all []byte
	for _, p := range pieces {
		part, ok := w.contents[p.Archive][p.Path]
		if !ok {
			w.err = fmt.Errorf("%s has no %s", p.Archive, p.Path)
		}
		all = append(all, part...)
	}
	return catalogue.File{
		File: voicestore.File{Name: name, Size: int64(len(all)), SHA256: sum(all)},
		At:   at, Pieces: pieces,
	}
}

func (w *writer) text(name, text string) catalogue.File {
	body, err := catalogue.Text(text)
	if err != nil {
		w.err = err
	}
	return catalogue.File{File: voicestore.File{Name: name, Size: int64(len(body)), SHA256: sum(body)}, Text: text}
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
