package encode_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
)

// A stream becomes a file.
func ExampleEncoder_Copy() {
	catalogue := encode.NewCatalogue(wav.Linear16(), pcm.Format())
	format, err := catalogue.Lookup("LINEAR16")
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	encoder, err := format.NewEncoder(&file, 24000, 12000)
	if err != nil {
		log.Fatal(err)
	}
	if err := encoder.Copy(audio.Silence(24000, 12000)); err != nil {
		log.Fatal(err)
	}
	if err := encoder.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(file.Len(), "bytes")
	// Output: 24044 bytes
}

// The parts of a file are encoded apart, in any order, and joined by copying.
func ExampleParts() {
	format, err := encode.NewCatalogue(wav.Linear16()).Lookup("LINEAR16")
	if err != nil {
		log.Fatal(err)
	}
	apart := format.Parts()
	parts, frames := make([]bytes.Buffer, 3), audio.Frames(0)
	for i := range parts {
		body, err := apart.NewEncoder(&parts[i], 24000)
		if err != nil {
			log.Fatal(err)
		}
		if err := body.Copy(audio.Silence(24000, 8000)); err != nil {
			log.Fatal(err)
		}
		if err := body.Close(); err != nil {
			log.Fatal(err)
		}
		frames += body.Frames()
	}
	file, err := apart.Header(24000, frames)
	if err != nil {
		log.Fatal(err)
	}
	for i := range parts {
		file = append(file, parts[i].Bytes()...)
	}
	file = append(file, apart.Trailer(24000, frames)...)
	fmt.Println(len(file), "bytes, of which", apart.Size(24000, frames), "are sound")
	// Output: 48044 bytes, of which 48000 are sound
}
