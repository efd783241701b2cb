package main

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

var number = regexp.MustCompile(`[-+]?\d+(\.\d+)?`)

// The committed page and pictures are what the code does today, but for the
// last digit, which may differ between machines.
func TestDocumentationIsUpToDate(t *testing.T) {
	files, err := document()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		committed, err := os.ReadFile(filepath.Join("../../docs", name))
		if err != nil {
			t.Fatal(err)
		}
		same := number.ReplaceAllString(string(committed), "0") == number.ReplaceAllString(want, "0") &&
			slices.EqualFunc(number.FindAllString(string(committed), -1), number.FindAllString(want, -1), near)
		if !same {
			t.Errorf("docs/%s is not what the profiles do: go run ./bench/responses", name)
		}
	}
	committed, err := filepath.Glob("../../docs/profiles/*.svg")
	if err != nil {
		t.Fatal(err)
	}
	if len(committed) != len(files)-1 {
		t.Errorf("docs/profiles has %d pictures, %d are made", len(committed), len(files)-1)
	}
}

func near(a, b string) bool {
	x, _ := strconv.ParseFloat(a, 64)
	y, _ := strconv.ParseFloat(b, 64)
	return math.Abs(x-y) < 0.15
}

func TestPictureDrawsWhatWasMeasured(t *testing.T) {
	p := panel{left: 100, top: 10, width: 200, height: 50, log: true, x: axis{low: 1, high: 3}, y: axis{low: -10, high: 10}}
	for _, c := range []struct {
		at   point
		x, y float64
	}{{point{10, 10}, 100, 10}, {point{100, 0}, 200, 35}, {point{1000, -10}, 300, 60}} {
		if x, y := p.place(c.at); x != c.x || y != c.y {
			t.Errorf("%v is drawn at %v, %v, want %v, %v", c.at, x, y, c.x, c.y)
		}
	}
}
