package voicestore

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/lectern/lectern/speech"
)

// ItemFile is the name of the file that describes its folder.
const ItemFile = "item.json"

// Kind is what an item is for.
type Kind string

// The kinds of items.
const (
	Runtime   Kind = "runtime" // a library that engines load
	Data      Kind = "data"    // what several voices share: pronunciations, a model
	VoiceKind Kind = "voice"   // one or more voices
)

// Class is what a licence asks for, as far as a program can tell.
type Class string

// The classes of licences. Anything but the first two is installed only for
// those who accept it by name.
const (
	Free          Class = "free"           // any use, the licence's text kept
	Attribution   Class = "attribution"    // any use that names the authors
	NonCommercial Class = "non-commercial" // not for every use
	Unclear       Class = "unclear"        // unknown, or asking for more
)

// Own is the source of models of one's own.
const Own = "own"

// Item is one folder.
type Item struct {
	// Name is the folder's, such as "heart" or "en_US-lessac-medium".
	Name    string `json:"name"`
	Version string `json:"version"`
	Kind    Kind   `json:"kind"`
	// Engine is hibari, kokoro, piper or empty.
	Engine string `json:"engine,omitempty"`
	// Licence is an SPDX expression, or words where there is none.
	Licence string `json:"licence"`
	Class   Class  `json:"licenceClass"`
	// Credit says whose work it is.
	Credit string `json:"credit,omitempty"`
	// Needs are the names of the items without which this one is of no use.
	Needs  []string `json:"needs,omitempty"`
	Voices []Voice  `json:"voices,omitempty"`
	// Files are all files of the folder but item.json.
	Files []File `json:"files,omitempty"`
	// Source is where the item came from: hub, registry, mirror, directory, or Own.
	Source string `json:"source,omitempty"`
	// Asked is true if the item was asked for by name, false if it came along
	// and may go with the last item that needs it.
	Asked     bool      `json:"asked,omitempty"`
	Installed time.Time `json:"installed,omitzero"`
}

// File is one file of an item.
type File struct {
	// Name is a path below the item's folder, with slashes.
	Name string `json:"name"`
	Size int64  `json:"size"`
	// SHA256 is in hexadecimal. It is empty in a catalogue that has MD5 only.
	SHA256 string `json:"sha256,omitempty"`
	MD5    string `json:"md5,omitempty"`
}

// Voice is what can be spoken with.
type Voice struct {
	speech.Voice
	// Parts are the files that the voice is made of by what they are: "model",
	// "config" (Piper's JSON), "style" (Kokoro's), and what preparing the model
	// made of it. A file of another item is written ITEM/FILE.
	Parts map[string]string `json:"parts,omitempty"`
	// Speaker is the number of the voice in a model that has several.
	Speaker int `json:"speaker,omitempty"`
	// TranscribedBy is the voice of espeak-ng that puts text into phonemes for
	// this one; empty where the engine reads by itself.
	TranscribedBy string `json:"transcribedBy,omitempty"`
}

// Size is that of all files.
func (i Item) Size() int64 {
	var n int64
	for _, f := range i.Files {
		n += f.Size
	}
	return n
}

// Clone is a copy that shares nothing with i.
func (i Item) Clone() Item {
	i.Needs, i.Files, i.Voices = slices.Clone(i.Needs), slices.Clone(i.Files), slices.Clone(i.Voices)
	for n := range i.Voices {
		i.Voices[n].Languages = slices.Clone(i.Voices[n].Languages)
		i.Voices[n].Parts = maps.Clone(i.Voices[n].Parts)
	}
	return i
}

// Path is where a file of the item is, or of another one if part is ITEM/FILE.
func (i Item) Path(dir, part string) string {
	if item, file, other := strings.Cut(part, "/"); other && ValidName(item) && i.has(part) == nil {
		return filepath.Join(dir, item, filepath.FromSlash(file))
	}
	return filepath.Join(dir, i.Name, filepath.FromSlash(part))
}

func (i Item) has(name string) *File {
	for n := range i.Files {
		if i.Files[n].Name == name {
			return &i.Files[n]
		}
	}
	return nil
}

var names = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}$`)

// ValidName reports whether name can be that of an item: letters, digits and
// "_.+-" in ASCII, the first a letter or a digit, 100 at most.
func ValidName(name string) bool { return names.MatchString(name) }

// check says what is wrong with an item that was read from folder.
func (i Item) check(folder string) error {
	switch {
	case i.Name != folder:
		return fmt.Errorf("%s says that it is %q", ItemFile, i.Name)
	case i.Kind != Runtime && i.Kind != Data && i.Kind != VoiceKind:
		return fmt.Errorf("%s has the unknown kind %q", ItemFile, i.Kind)
	}
	for _, f := range i.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return fmt.Errorf("%s names the file %q, which is outside its folder", ItemFile, f.Name)
		}
	}
	for _, v := range i.Voices {
		for _, part := range v.Parts {
			if !filepath.IsLocal(filepath.FromSlash(part)) {
				return fmt.Errorf("%s names the file %q, which is outside its folder", ItemFile, part)
			}
		}
		if v.Name == "" || len(v.Languages) == 0 || v.NaturalSampleRateHertz <= 0 {
			return fmt.Errorf("%s has a voice without a name, a language or a sample rate", ItemFile)
		}
	}
	return nil
}
