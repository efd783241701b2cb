package phoneme

import (
	"fmt"
	"slices"
	"strings"
)

// Inventory is the sounds that a voice can make, each by the voice's own name
// for it. Once filled it may be used by several goroutines at once.
type Inventory struct {
	entries [levels]map[string]entry // by what of the sounds a level looks at
	vowels  []string                 // the symbols that are entries by themselves
	others  []string
	longest int // entry, in sounds
}

// entry is a sound's name, and whether the sound has no marks.
type entry struct {
	name  string
	plain bool
}

// The levels of likeness, the best first.
const (
	exactly    = iota
	lengthsToo // and no marks
	symbols    // alone
	levels
)

// Spelled is a sound of an inventory, as part of a transcription.
type Spelled struct {
	// Name is empty where a sound was left out and only its boundary stays.
	Name   string
	Begins Boundary
	// Stress is the stress of the syllable, told at its vowel, which Vowel
	// says this is; a syllable without a vowel has none.
	Stress Stress
	Vowel  bool
}

// Add adds a sound or a sequence of them, such as a diphthong, that the voice
// calls name; ipa's stress does not matter. Of several names for the same sound
// the first one counts. An empty name leaves the sound out.
func (v *Inventory) Add(name, ipa string) error {
	t, err := ParseIPA(ipa)
	if err != nil {
		return fmt.Errorf("phoneme: the sound %q of an inventory: %w", name, err)
	}
	units := apart(t)
	v.longest = max(v.longest, len(units))
	e := entry{name, !slices.ContainsFunc(units, func(p Phone) bool { return p.Marks != "" })}
	for level, key := range keys(units) {
		if v.entries[level] == nil {
			v.entries[level] = map[string]entry{}
		}
		old, ok := v.entries[level][key]
		if !ok || level > exactly && e.plain && !old.plain {
			v.entries[level][key] = e
		}
	}
	into := &v.others
	if units[0].Vowel() {
		into = &v.vowels
	}
	if symbol := units[0].Symbol; len(units) == 1 && !slices.Contains(*into, symbol) {
		*into = append(*into, symbol)
	}
	return nil
}

// Spell says t with the sounds of v: the longest sequences that v has, and for
// each sound that it lacks the likeliest ones. Only sounds of a kind that v has
// nothing of are left out.
func (v *Inventory) Spell(t Transcription) []Spelled {
	units := apart(t)
	s := speller{spelled: make([]Spelled, 0, len(units))}
	for len(units) > 0 {
		name, n, ok := v.match(units)
		switch more := v.expand(units[0]); {
		case ok:
			s.add(name, units[:n])
		case more != nil:
			n = 1
			for i := range more {
				s.add(v.one(more[i:i+1]), more[i:i+1])
			}
		default:
			n = 1
			s.add(v.nearest(units[0]), units[:1])
		}
		units = units[n:]
	}
	return s.spelled
}

// speller carries a syllable's stress to its vowel.
type speller struct {
	spelled []Spelled
	stress  Stress
}

// add adds an entry, which says units.
func (s *speller) add(name string, units []Phone) {
	if units[0].Begins != Within {
		s.stress = units[0].Stress
	}
	one := Spelled{Name: name, Begins: units[0].Begins, Vowel: slices.ContainsFunc(units, Phone.Vowel)}
	if one.Vowel {
		one.Stress, s.stress = s.stress, Unstressed
	}
	if name != "" || one.Begins != Within {
		s.spelled = append(s.spelled, one)
	}
}

// one is the name for a single sound.
func (v *Inventory) one(unit []Phone) string {
	if name, _, ok := v.match(unit); ok {
		return name
	}
	return v.nearest(unit[0])
}

// match finds the longest entry that units begin with, within one syllable.
func (v *Inventory) match(units []Phone) (name string, n int, ok bool) {
	most := 1
	for most < min(v.longest, len(units)) && units[most].Begins == Within {
		most++
	}
	for n := most; n > 0; n-- {
		if name, ok := v.named(units[:n]); ok {
			return name, n, true
		}
	}
	return "", 0, false
}

// named is the entry that is most like units. A sound without marks is more like
// another one than a sound with marks of the same length is.
func (v *Inventory) named(units []Phone) (name string, ok bool) {
	keys := keys(units)
	if e, ok := v.entries[exactly][keys[exactly]]; ok {
		return e.name, true
	}
	if needsMore(units) {
		return "", false
	}
	long, same := v.entries[lengthsToo][keys[lengthsToo]]
	short, ok := v.entries[symbols][keys[symbols]]
	if same && (long.plain || !short.plain) {
		return long.name, true
	}
	return short.name, ok
}

const (
	rhoticMark   = '˞'
	syllabicMark = '\u0329'
)

// needsMore says that a mark makes more of a sound than its symbol does.
func needsMore(units []Phone) bool {
	for _, u := range units {
		if u.Has(rhoticMark) || u.Has(syllabicMark) && !u.Vowel() {
			return true
		}
	}
	return false
}

// expand is what a voice says that has no sound for u by itself: a vowel and an
// r for a vowel colored by one, and a weak vowel before a syllabic consonant.
// It is nil for any other sound.
func (v *Inventory) expand(u Phone) []Phone {
	first := u
	switch {
	case u.Symbol == "ɚ":
		first.Symbol = "ə"
	case u.Symbol == "ɝ":
		first.Symbol = "ɜ"
	case u.Has(rhoticMark) && u.Vowel():
		first.Marks = strings.ReplaceAll(u.Marks, string(rhoticMark), "")
	case u.Has(syllabicMark) && !u.Vowel():
		second := u
		second.Marks = strings.ReplaceAll(u.Marks, string(syllabicMark), "")
		second.Begins, second.Stress = Within, Unstressed
		return []Phone{{Symbol: "ə", Begins: u.Begins, Stress: u.Stress}, second}
	default:
		return nil
	}
	return []Phone{first, {Symbol: "ɹ"}}
}

func (v *Inventory) nearest(u Phone) string {
	among := v.others
	if u.Vowel() {
		among = v.vowels
	}
	return v.entries[symbols][Nearest(u.Symbol, among)].name
}

// apart is t with its ties undone: a voice's own affricates are found again by
// their sequence.
func apart(t Transcription) []Phone {
	units := make([]Phone, 0, len(t))
	for _, p := range t {
		first, second, tied := strings.Cut(p.Symbol, string(tie))
		if !tied {
			units = append(units, p)
			continue
		}
		units = append(units, Phone{Symbol: first, Begins: p.Begins, Stress: p.Stress})
		units = append(units, Phone{Symbol: second, Marks: p.Marks, Length: p.Length, Tone: p.Tone})
	}
	return units
}

// keys are how an entry is found on each level.
func keys(units []Phone) [levels]string {
	var keys [levels]strings.Builder
	for _, u := range units {
		length := lengthMarks[u.Length]
		keys[exactly].WriteString(u.Symbol + u.Marks + length)
		keys[lengthsToo].WriteString(u.Symbol + length)
		keys[symbols].WriteString(u.Symbol)
	}
	return [levels]string{keys[exactly].String(), keys[lengthsToo].String(), keys[symbols].String()}
}
