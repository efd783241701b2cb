package lectern_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/lectern/lectern"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
)

// A program has the server inside its own, below the paths of the API. Engines left
// out, it would speak with those that the machine has.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	s, err := lectern.New(ctx, lectern.Config{Engines: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil },
	}}})
	if err != nil {
		log.Fatal(err)
	}
	ran := make(chan error)
	go func() { ran <- s.Run(ctx) }() // works on long operations

	program := http.NewServeMux()
	program.HandleFunc("GET /about", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "a program that speaks") })
	program.Handle("/v1/", s.Handler())
	port := httptest.NewServer(program)

	answer, err := http.Post(port.URL+"/v1/text:synthesize", "application/json", strings.NewReader(
		`{"input": {"text": "Hello, world."}, "voice": {"languageCode": "en-US"}, "audioConfig": {"audioEncoding": "LINEAR16"}}`))
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct{ AudioContent []byte }
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(said.AudioContent), "bytes of sound")

	port.Close()
	stop()
	if err := <-ran; err != nil {
		log.Fatal(err)
	}
	if err := s.Close(); err != nil {
		log.Fatal(err)
	}
	// Output: 12524 bytes of sound
}
