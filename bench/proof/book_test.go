package main

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

func TestBookIsTheKnownOne(t *testing.T) {
	text := book(bookBytes)
	if len(text) != 999_997 {
		t.Errorf("the book has %d bytes", len(text))
	}
	sum := sha256.Sum256([]byte(text))
	const want = "da8024e0df2ddd1e318f960ca39eff1cb6e245f6f689d3dabacdc202e6baa158"
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("the book's SHA-256 is %s", got)
	}
}

func TestBookStaysBelowItsLimit(t *testing.T) {
	for _, limit := range []int{0, 10, 500, 149_000, 150_000} {
		if n := len(book(limit)); n > limit {
			t.Errorf("book(%d) has %d bytes", limit, n)
		}
	}
}
