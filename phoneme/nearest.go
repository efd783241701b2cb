package phoneme

import (
	"math"
	"unicode/utf8"
)

// Nearest is the base symbol of among that sounds most like symbol, the first
// of them when several do; symbol itself when it is there. A vowel stays a
// vowel and a consonant one if among has any. Of tied symbols the first one
// counts. It is empty when among is.
func Nearest(symbol string, among []string) string {
	least, nearest := math.Inf(1), ""
	for _, other := range among {
		if other == symbol {
			return other
		}
		if d := distance(soundOf(symbol), soundOf(other)); d < least {
			least, nearest = d, other
		}
	}
	return nearest
}

func soundOf(symbol string) sound {
	first, _ := utf8.DecodeRuneInString(symbol)
	return sounds[first]
}

// distance weighs how different two sounds are to a listener. Its unit is one
// step of height, or one place.
func distance(a, b sound) float64 {
	d := math.Abs(a.place - b.place)
	switch {
	case (a.kind == vowel) != (b.kind == vowel):
		return 100
	case a.kind == vowel:
		return d + 1.2*math.Abs(a.height-b.height) + weigh(a.rounded != b.rounded, 1) + weigh(a.rhotic != b.rhotic, 3)
	case a.rhotic && b.rhotic: // all are somebody's r
		return 0.1*d + 0.3*manner(a.kind, b.kind)
	}
	return d + manner(a.kind, b.kind) + weigh(a.voiced != b.voiced, 1.5) + weigh(a.rhotic != b.rhotic, 2)
}

func weigh(differ bool, weight float64) float64 {
	if differ {
		return weight
	}
	return 0
}

// alike are pairs of manners that are closer than any others, by how much they
// differ.
var alike = map[[2]kind]float64{
	{plosive, implosive}: 0.5, {plosive, click}: 1, {trill, tap}: 1, {tap, plosive}: 1.5,
	{fricative, lateralFricative}: 1, {lateral, lateralFricative}: 2,
	{fricative, approximant}: 2, {lateral, approximant}: 3.5, {tap, approximant}: 2, {trill, approximant}: 2,
	{nasal, plosive}: 4,
}

func manner(a, b kind) float64 {
	switch {
	case a == b:
		return 0
	case alike[[2]kind{a, b}] != 0:
		return alike[[2]kind{a, b}]
	case alike[[2]kind{b, a}] != 0:
		return alike[[2]kind{b, a}]
	}
	return 3
}
