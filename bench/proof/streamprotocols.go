package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/lectern/lectern/textnorm"
)

// streamProtocols is when the first sound is there by the other protocols.
//
// Method: on an idle server whose voice is warm, over connections that are open, a
// sentence of 15 words: by gRPC as in stream-first, by OpenAI's endpoint as pcm
// from the request to the first byte of sound, by Wyoming from the synthesize
// event to the first audio-chunk; in turn, 60 times each (15 with -quick). The
// medians are compared with gRPC's.
func streamProtocols(ctx context.Context, l *lab) ([]row, error) {
	wyoming, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s, err := l.freshWith(ctx, "stream-protocols", l.voices, "--wyoming", wyoming)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	home, err := dialWyoming(wyoming)
	if err != nil {
		return nil, err
	}
	defer home.Close()
	var rows []row
	for _, part := range []string{espeak, heart.name} {
		v, err := s.voice(ctx, part)
		if err != nil {
			rows = append(rows, row{name: "first sound by OpenAI's endpoint and Wyoming, " + part, measured: "not installed", verdict: note})
			continue
		}
		ways := []struct {
			name  string
			first func(text string) (time.Duration, error)
			took  durations
		}{
			{name: "gRPC", first: func(text string) (time.Duration, error) { return firstSound(ctx, s.client, v, text) }},
			{name: "OpenAI's endpoint, pcm", first: func(text string) (time.Duration, error) { return s.firstSoundOpenAI(ctx, v, text) }},
			{name: "Wyoming", first: func(text string) (time.Duration, error) { return home.firstSound(v, text) }},
		}
		for i, text := range fullSentences(l.count(60, 15) + 2) { // the first ones warm up
			for j := range ways {
				took, err := ways[j].first(text)
				if err != nil {
					return nil, fmt.Errorf("%s: %w: %s", ways[j].name, err, s.lastWords())
				}
				if i >= 2 {
					ways[j].took = append(ways[j].took, took)
				}
			}
		}
		const bar = 1.3
		for _, w := range ways[1:] {
			x := w.took.median().Seconds() / ways[0].took.median().Seconds()
			rows = append(rows, row{
				name: "first sound by " + w.name + ", " + v.Name, bar: fmt.Sprintf("p50 <= %.1f x gRPC's", bar),
				measured: w.took.String(), reference: "gRPC: " + ways[0].took.String(),
				ratio: fmt.Sprintf("%.2f", x), verdict: judge(x <= bar),
			})
		}
	}
	return rows, s.stop()
}

// fullSentences are n sentences of 15 words that end as sentences do.
func fullSentences(n int) []string {
	all := slices.DeleteFunc(sentencesOfWords(15, 100), func(text string) bool { return !textnorm.Complete(text) })
	var texts []string
	for len(all) > 0 && len(texts) < n {
		texts = append(texts, all[len(texts)%len(all)])
	}
	return texts
}

func (c *client) firstSoundOpenAI(ctx context.Context, v *voice, text string) (time.Duration, error) {
	body, err := json.Marshal(map[string]any{"model": "tts-1", "voice": v.Name, "input": text, "response_format": "pcm"})
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.address+"/v1/audio/speech", strings.NewReader(string(body)))
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	answer, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, errors.New(answer.Status)
	}
	if _, err := io.ReadFull(answer.Body, make([]byte, 1)); err != nil {
		return 0, err
	}
	took := time.Since(begun)
	_, err = io.Copy(io.Discard, answer.Body) // the connection is used again
	return took, err
}

// wyomingClient speaks Home Assistant's protocol.
type wyomingClient struct {
	net.Conn
	in *bufio.Reader
}

func dialWyoming(address string) (*wyomingClient, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &wyomingClient{conn, bufio.NewReader(conn)}, nil
}

// firstSound speaks to the end and tells when the sound began.
func (c *wyomingClient) firstSound(v *voice, text string) (time.Duration, error) {
	event, err := json.Marshal(map[string]any{"type": "synthesize", "data": map[string]any{"text": text, "voice": map[string]any{"name": v.Name}}})
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	if _, err := c.Write(append(event, '\n')); err != nil {
		return 0, err
	}
	var took time.Duration
	for {
		kind, err := c.next()
		switch {
		case err != nil:
			return 0, err
		case kind == "audio-chunk" && took == 0:
			took = time.Since(begun)
		case kind == "audio-stop":
			return took, nil
		case kind == "error":
			return 0, errors.New("the server answers with an error")
		}
	}
}

// next passes over an event and tells its kind.
func (c *wyomingClient) next() (kind string, err error) {
	line, err := c.in.ReadBytes('\n')
	if err != nil {
		return "", err
	}
	var header struct {
		Type    string
		Data    int `json:"data_length"`
		Payload int `json:"payload_length"`
	}
	if err := json.Unmarshal(line, &header); err != nil {
		return "", err
	}
	_, err = c.in.Discard(header.Data + header.Payload)
	return header.Type, err
}
