package server

import (
	"encoding/base64"
	"math/rand/v2"
	"testing"
)

func TestBase64IsTheStandards(t *testing.T) {
	sound := make([]byte, 1<<12)
	rand.NewChaCha8([32]byte{}).Read(sound)
	text := make([]byte, pieceBytes)
	for n := range len(sound) + 1 {
		if got, want := string(encodeBase64(text, sound[:n])), base64.StdEncoding.EncodeToString(sound[:n]); got != want {
			t.Fatalf("%d bytes are %s, want %s", n, got, want)
		}
	}
}
