package ssml

// What stands here is contract section 4.1 as data. To add an element, write
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
	// supported says that the planner can speak it.
	supported  bool
	content    content
	attributes map[string]attributeRule
	// notInside are elements in which it may not stand at any depth.
	notInside []string
}

// attributeRule is what is known of one attribute.
type attributeRule struct {
	required bool
	form     form
}

// elements are those of the contract. Those that are not supported have their
// names only.
var elements = map[string]rule{
	"speak": {
		supported: true,
		// Only the root is a speak; inside, it belongs into a media.
		notInside: []string{"speak"},
		attributes: map[string]attributeRule{
			"version":  {form: anyValue},
			"xmlns":    {form: anyValue},
			"xml:lang": {form: anyValue},
		},
	},
	"p": {supported: true, notInside: []string{"p", "s"}},
	"s": {supported: true, notInside: []string{"s"}},
	"break": {
		supported: true,
		content:   empty,
		attributes: map[string]attributeRule{
			"time":     {form: pauseLength},
			"strength": {form: strength},
		},
	},
	"sub": {
		supported:  true,
		content:    onlyText,
		attributes: map[string]attributeRule{"alias": {required: true, form: anyValue}},
	},

	"audio":        {},
	"desc":         {},
	"emphasis":     {},
	"google:style": {},
	"lang":         {},
	"mark":         {},
	"media":        {},
	"par":          {},
	"phoneme":      {},
	"prosody":      {},
	"say-as":       {},
	"seq":          {},
	"voice":        {},
}
