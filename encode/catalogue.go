// Package encode turns frames into the bytes of an audio file.
//
// Make a [Catalogue] of the formats that the program links, look one up by the
// name the API gives it, and write frames through [Format.NewEncoder] or a
// whole stream through [Encoder.Copy]. Nothing ever seeks: when the number of
// frames is known beforehand the header is exact, otherwise it says "until the
// end". A [Joiner] can also encode the parts of a file apart, and [Pieces] does
// so for codecs that have a memory.
//
// What a client may have caused is a *fault.Error with its field
// (audio_config.audio_encoding, audio_config.sample_rate_hertz); an error of
// the writer passes through with its place in front, for errors.Is. Formats
// and the catalogue are safe for concurrent use, an [Encoder] is for one
// goroutine.
//
// Formats implement package encode/driver and are proved by encode/encodetest.
package encode

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/fault"
)

// The fields of a request that this package's errors are about.
const (
	fieldEncoding   = "audio_config.audio_encoding"
	FieldSampleRate = "audio_config.sample_rate_hertz"
)

// Catalogue is the formats a program can write, and those that it knows to be
// missing. It never changes.
type Catalogue struct {
	formats []Format
	missing []driver.Missing
}

// NewCatalogue lists formats in the order in which they are to be named.
// Those that are a driver.Missing are not named, but known when they are asked
// for. Two formats of one name are a mistake of the program: it panics.
func NewCatalogue(formats ...driver.Format) *Catalogue {
	c := &Catalogue{}
	for _, f := range formats {
		if c.knows(f.Name()) {
			panic(fmt.Sprintf("encode: two formats are named %s", f.Name()))
		}
		if m, ok := f.(driver.Missing); ok {
			c.missing = append(c.missing, m)
			continue
		}
		c.formats = append(c.formats, newFormat(f))
	}
	return c
}

// Lookup finds a format by its name in the API, such as "LINEAR16". The error
// is INVALID_ARGUMENT and names the encodings there are, or UNIMPLEMENTED with
// what to do when this build was made without it.
func (c *Catalogue) Lookup(name string) (Format, error) {
	for _, f := range c.formats {
		if f.Name() == name {
			return f, nil
		}
	}
	for _, m := range c.missing {
		if m.Name() == name {
			f := fault.New(fault.Unimplemented, "This server was built without the encoding %s. %s", name, m.Advice)
			return Format{}, f.In(fieldEncoding)
		}
	}
	return Format{}, fault.Invalid(fieldEncoding,
		"This server does not write the encoding %q. Use one of: %s.", name, strings.Join(c.Names(), ", "))
}

func (c *Catalogue) knows(name string) bool {
	return slices.ContainsFunc(c.formats, func(f Format) bool { return f.Name() == name }) ||
		slices.ContainsFunc(c.missing, func(m driver.Missing) bool { return m.Name() == name })
}

// Names are the formats' names, in the order given to [NewCatalogue].
func (c *Catalogue) Names() []string {
	names := make([]string, len(c.formats))
	for i, f := range c.formats {
		names[i] = f.Name()
	}
	return names
}
