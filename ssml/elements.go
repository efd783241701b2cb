package ssml

import (
	"maps"
	"slices"
)

// What stands here is docs/contract.md 4 as tables. To add an element, write
// its rule; to add a rule over values, write a form (forms.go).

// content is what an element may hold.
type content int

const (
	mixed content = iota // text and elements that speak
	onlyText
	onlyElements
	empty
)

// rule is what is known of one element.
type rule struct {
	content    content
	attributes []attributeRule
	// parents are those in which it may stand; nil is every mixed element.
	parents []string
	// notInside are elements in which it may not stand at any depth, up to
	// the next speak.
	notInside []string
	// passedOver says that it is none of ours.
	passedOver bool
	// check is for what the attributes say together.
	check func(r *reader, e *Element) error
}

// attributeRule is what is known of one attribute.
type attributeRule struct {
	name     string
	required bool
	form     form
}

func (r *rule) attribute(name string) *attributeRule {
	for i := range r.attributes {
		if r.attributes[i].name == name {
			return &r.attributes[i]
		}
	}
	return nil
}

const (
	lengthWanted = `a number and a unit (h, min, s or ms) without a space, such as "3s" or "250ms"`
	countWanted  = `a number of 0 or more, such as "3"`
	timeWanted   = `a time such as "-0.5s", or one that counts from a media, such as "question.end+2.0s"`
	rateWanted   = `a percentage, such as "120%"`
	pitchWanted  = `semitones with a sign, such as "-2st", or a percentage, such as "+10%"`
	volumeWanted = `decibels with a sign, such as "+6dB"`
)

// labels are the keys of a table of labels, the lowest value first.
func labels(of map[string]float64) []string {
	return slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		switch {
		case of[a] < of[b]:
			return -1
		case of[a] > of[b]:
			return 1
		case a == "default":
			return 1
		case b == "default":
			return -1
		}
		return 0
	})
}

func parseSignedDecibels(value string) (float64, bool) { return parseDecibels(value, true) }

var (
	lengthForm = read(parseLength, lengthWanted)
	countForm  = read(parseCount, countWanted)
	timeForm   = read(parseTime, timeWanted)
	xmlLang    = attributeRule{name: "xml:lang", form: language}
	atTimes    = []attributeRule{{name: "begin", form: timeForm}, {name: "end", form: timeForm}}
)

// elements are those of docs/contract.md 4.1.
var elements = map[string]*rule{
	"speak": {
		parents: []string{"media"}, // or none: it is the root
		attributes: []attributeRule{
			{name: "version", form: anyValue},
			{name: "xmlns", form: anyValue},
			xmlLang,
			// A hint for validators that documents written to W3C's text have.
			{name: "xsi:schemaLocation", form: anyValue},
		},
		check: (*reader).checkSchemaLocation,
	},
	"p": {notInside: []string{"p", "s"}, attributes: []attributeRule{xmlLang}},
	"s": {notInside: []string{"s"}, attributes: []attributeRule{xmlLang}},
	"break": {
		content: empty,
		attributes: []attributeRule{
			{name: "time", form: pauseLength},
			{name: "strength", form: oneOf("none", "x-weak", "weak", "medium", "strong", "x-strong")},
		},
	},
	"mark": {
		content:    empty,
		attributes: []attributeRule{{name: "name", required: true, form: notEmpty}},
	},
	"sub": {
		content:    onlyText,
		attributes: []attributeRule{{name: "alias", required: true, form: anyValue}},
	},
	"say-as": {
		content: onlyText,
		attributes: []attributeRule{
			{name: "interpret-as", required: true, form: oneOf(slices.Sorted(maps.Keys(interpretations))...)},
			{name: "format", form: anyValue},
			{name: "detail", form: oneOf("1", "2")},
			{name: "language", form: language},
			{name: "google:style", form: oneOf("zero-as-zero")},
		},
		check: (*reader).checkSayAs,
	},
	"phoneme": {
		content: onlyText,
		attributes: []attributeRule{
			{name: "alphabet", form: oneOf("ipa", "x-sampa")},
			{name: "ph", required: true, form: transcribed},
		},
		check: (*reader).checkPhoneme,
	},
	"prosody": {
		attributes: []attributeRule{
			{name: "rate", form: either(parseRate, rateWanted, labels(rates)...)},
			{name: "pitch", form: either(parsePitch, pitchWanted, labels(pitches)...)},
			{name: "volume", form: either(parseSignedDecibels, volumeWanted, labels(volumes)...)},
		},
	},
	"emphasis": {
		attributes: []attributeRule{{name: "level", form: oneOf("strong", "moderate", "none", "reduced")}},
	},
	"google:style": {
		attributes: []attributeRule{
			{name: "name", required: true, form: oneOf(slices.Sorted(maps.Keys(expressions))...)},
		},
	},
	"voice": {
		attributes: []attributeRule{
			{name: "name", form: notEmpty},
			{name: "gender", form: oneOf("male", "female", "neutral")},
			{name: "variant", form: variant},
			{name: "language", form: language},
			{name: "required", form: featureList},
			{name: "ordering", form: featureList},
		},
		check: (*reader).checkVoice,
	},
	"lang": {
		attributes: []attributeRule{{name: "xml:lang", required: true, form: language}},
	},
	"audio": {
		attributes: []attributeRule{
			{name: "src", required: true, form: anyValue},
			{name: "clipBegin", form: lengthForm},
			{name: "clipEnd", form: lengthForm},
			{name: "speed", form: read(parseSpeed, `a percentage above 0, such as "110%"`)},
			{name: "repeatCount", form: countForm},
			{name: "repeatDur", form: lengthForm},
			{name: "soundLevel", form: soundLevel},
		},
		check: (*reader).checkAudio,
	},
	"desc": {content: onlyText, parents: []string{"audio"}},
	"par":  {content: onlyElements, attributes: atTimes},
	"seq":  {content: onlyElements, attributes: atTimes},
	"media": {
		content: onlyElements,
		parents: []string{"par", "seq"},
		attributes: append([]attributeRule{
			{name: "xml:id", form: identifier},
			{name: "repeatCount", form: countForm},
			{name: "repeatDur", form: lengthForm},
			{name: "soundLevel", form: soundLevel},
			{name: "fadeInDur", form: lengthForm},
			{name: "fadeOutDur", form: lengthForm},
		}, atTimes...),
		check: (*reader).checkMedia,
	},
}

// children are what the elements that hold only elements may hold, and what
// must be there.
var children = map[string]struct {
	names []string
	want  string
}{
	"par":   {[]string{"par", "seq", "media"}, "<par>, <seq> and <media>, one or more"},
	"seq":   {[]string{"par", "seq", "media"}, "<par>, <seq> and <media>, one or more"},
	"media": {[]string{"speak", "audio"}, "one <speak> or one <audio>"},
}
