package g2p

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
)

//go:embed testdata/sentences.txt
var written string

// writtenSentences are those that were written for this test.
func writtenSentences() []string { return strings.Split(strings.TrimSpace(written), "\n") }

// kinds are what the templates ask for.
var kinds = map[string][]string{
	"noun": strings.Fields(`house river teacher garden engine letter winter market bridge doctor window captain story island
	forest music hospital ticket kitchen machine mountain lawyer painter village soldier camera battery computer sentence
	record present object subject content contract produce permit project insert conduct progress desert minute refuse wind
	tear lead use close house abuse excuse live bass row bow dove wound estimate delegate graduate advocate associate
	hour honor heir university uniform one-way-street apple orange egg idea umbrella oven eagle ocean argument error exit
	keyboard database network server protocol algorithm kernel compiler thread buffer socket router browser tablet
	chief thief knife wolf shelf leaf tooth mouse goose child ox sheep fish deer crisis thesis analysis phenomenon`),
	"plural": strings.Fields(`houses rivers teachers gardens engines letters markets bridges boxes watches judges bushes buses
	cities ladies armies countries churches roses mazes caves knives wolves shelves leaves teeth mice geese children crises
	records presents objects subjects contents contracts permits projects inserts uses lives tears minutes estimates
	photos heroes potatoes pianos videos radios CDs PDFs DVDs GPUs`),
	"verb": strings.Fields(`read live use record present object produce permit project insert conduct progress refuse tear lead
	close house abuse excuse wind bow wound estimate delegate graduate advocate associate separate moderate perfect
	walk stop hope plan carry study watch judge push bake write cut put heat eat wait invite visit edit limit
	panic mimic traffic picnic google reboot upload download install configure debug compile encrypt`),
	"past": strings.Fields(`walked stopped hoped planned carried studied watched judged pushed baked waited heated invited visited
	edited limited panicked picnicked googled rebooted uploaded installed configured compiled read led lived used recorded
	presented objected produced permitted tore wound bowed housed closed wrote cut put ate went saw had been was`),
	"ing": strings.Fields(`walking stopping hoping planning carrying studying watching judging pushing baking waiting heating inviting
	visiting editing limiting panicking picnicking googling rebooting uploading reading leading living using recording
	presenting tearing winding closing housing writing cutting putting eating going seeing having being`),
	"adjective": strings.Fields(`old new great small quiet loud bright dark happy honest unusual early ugly equal open empty
	close live lead perfect separate moderate content present intimate deliberate elaborate used learned blessed aged
	one-sided two-handed well-known old-fashioned ill-fated self-made user-friendly open-source up-to-date so-called
	American European Japanese French Polish unknown`),
	"adverb": strings.Fields(`slowly quickly often never always hardly nearly really well again together perhaps maybe almost
	immediately unfortunately surprisingly apparently close early live by in`),
	"name": strings.Fields(`John Mary Elizabeth O'Connor McGregor Thompson Nguyen Garcia Müller Sørensen Dvořák Li Patel Okafor
	Alexander Catherine Siobhan Joaquin Xiaoping Björk Zoë Anne-Marie Jean-Luc Mr._Smith Dr._Watson Mrs._Dalloway Aaron
	Microsoft Google NASA IBM UNESCO BBC Toyota Volkswagen L'Oréal AT&T iTunes YouTube eBay LinkedIn PayPal`),
	"place": strings.Fields(`London Paris Tokyo Chicago Edinburgh Worcester Leicester Reading Nice Versailles Arkansas Illinois
	Reykjavik Ljubljana Phuket Oaxaca Kyiv Tbilisi Ouagadougou Mississippi New-York St._Louis Mt._Fuji Washington,_D.C. the_U.S. the_UK`),
	"day": strings.Fields(`Monday Tuesday Wednesday January February March May August September yesterday today tomorrow Easter`),
	"contraction": strings.Fields(`don't can't won't isn't aren't wasn't weren't didn't doesn't hasn't haven't hadn't couldn't wouldn't
	shouldn't mustn't shan't ain't don’t can’t won’t`),
	"pronoun": strings.Fields(`I you he she it we they I'm you're he's she's it's we're they're I've you've we've they've I'll you'll
	he'll she'll I'd you'd he'd we'd they'd who's that's there's here's what's let's`),
	"abbreviation": strings.Fields(`e.g. i.e. etc. vs. approx. a.m. p.m. No. Inc. Ltd. Corp. Co. Jr. Sr. Ph.D. M.D. U.S.A. U.N. Sept. Dec. Ave. Gen. Gov. Prof.`),
	"sign":         strings.Fields(`. . . . . ! ? ... … ; : , .” ." !' ?) .'`),
	"pause":        strings.Fields(`, , , , ; : - – — -- … ... , and , but , or`),
}

var templates = strings.Split(strings.TrimSpace(`
The {noun} was {adjective}{sign}
The {adjective} {noun} and the {noun} {past} {adverb}{sign}
{name} {past} the {noun} in {place}{sign}
{name}'s {noun} is {adverb} {adjective}{sign}
The {plural}' {noun} {past} to the {place} {noun}{sign}
{pronoun} {verb} the {plural} {adverb}{pause} {pronoun} {past} it{sign}
I {contraction} {verb} a {noun} on {day}{sign}
"{contraction} you {verb} it?" asked {name}{pause} {ing} the {noun}{sign}
They {verb} to {verb}, and used to {verb} a {noun}{sign}
To {verb} or not to {verb}{pause} that is the {noun}{sign}
An {adjective} {noun} is a {adjective} {noun} to {verb}{sign}
By {day}{pause} {number} {plural} had been {past} by {name}{sign}
In {year}{pause} {name} moved to {place} and {past} {number} {plural}{sign}
It costs {money} to {verb} {number} {plural}{sign}
The {ordinal} {noun} of the {year}s was {adjective}{sign}
{number}% of {plural} {verb}{pause} {abbreviation} {number} {plural}{sign}
‘{pronoun} {past},’ said the {adjective} {noun}{pause} ‘the {noun}.’
“The {noun}{pause}” wrote {name}{pause} “is {adjective}{sign}”
The {lexicon} {lexicon} {past} a {lexicon} {noun}{sign}
{lexicon}{pause} {lexicon} and {lexicon} {verb} {lexicon}{sign}
The {unknown} {past} {adverb} near {unknown}{pause} {ing} {unknown}s{sign}
{name} {unknown} and the {unknown}ing {noun} {past}{sign}
A {lexicon}-{lexicon} {noun}{pause} a {number}-{noun} {lexicon}{pause} an {adjective}-{lexicon}{sign}
Use {code} to {verb} {code} with {lexicon}{sign}
The {code} {noun} needs {number}{unit} of {lexicon}{sign}
{upper} {upper}: {lexicon} {upper} {lexicon}{sign}
{lexicon}'s {lexicon}s {lexicon}ed{pause} {lexicon}ing the {lexicon}ly {lexicon}{sign}
It is {number} {abbreviation} {number}{pause} ({noun} {number}){sign}
{pronoun} {adverb} {past} {number}.{number} {plural} and/or {number}/{number} of the {noun}{sign}
{verb} in{pause} {verb} by{pause} {verb} to{pause} {verb} the{sign}
`), "\n")

var syllables = strings.Fields(`bla bor cre dra el fin gor hib jux kla lor mip nov ost pra quil rin sto tur ump vex wib xan yol zim
	th sh ck ster ness mont ville ov ski berg ion tic phor gh ough`)

// corpus makes n sentences of templates; some of their words are from the
// dictionaries, so that these are gone through.
func corpus(n int, lexicon []string) []string {
	r := rand.New(rand.NewPCG(7, 11))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	var fill func(kind string) string
	fill = func(kind string) string {
		switch kind {
		case "number":
			return []string{fmt.Sprint(r.IntN(10)), fmt.Sprint(r.IntN(100)), fmt.Sprint(r.IntN(1000)), fmt.Sprint(r.IntN(100_000)),
				fmt.Sprintf("%d,%03d", 1+r.IntN(999), r.IntN(1000)), fmt.Sprintf("%d.%d", r.IntN(100), r.IntN(100))}[r.IntN(6)]
		case "year":
			return fmt.Sprint(1000 + r.IntN(1100))
		case "ordinal":
			i := r.IntN(120)
			return fmt.Sprint(i) + []string{"th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th"}[i%10]
		case "money":
			return pick([]string{"$", "£", "€", "US$", ""}) + fmt.Sprintf("%d.%02d", r.IntN(2000), r.IntN(3)*25) + pick([]string{"", "", "m", "€"})
		case "lexicon":
			word := pick(lexicon)
			if r.IntN(6) == 0 {
				word = capitalized(word)
			}
			return word
		case "unknown":
			word := ""
			for range 2 + r.IntN(3) {
				word += pick(syllables)
			}
			if r.IntN(3) == 0 {
				word = capitalized(word)
			}
			return word
		case "upper":
			return strings.ToUpper(fill(pick([]string{"noun", "lexicon", "unknown", "verb"})))
		case "code":
			return pick([]string{fill("noun") + "_" + fill("noun"), fill("verb") + capitalized(fill("noun")), fill("noun") + ".txt",
				fill("unknown") + ".com", fill("upper") + fill("number"), "v" + fill("number"), fill("number") + "x" + fill("number"),
				fill("unknown") + "@" + fill("noun") + ".org", "https://" + fill("noun") + ".io/" + fill("verb"), fill("noun") + "/" + fill("noun")})
		case "unit":
			return pick([]string{"km", "kg", "GB", "MB", "mph", "%", "ft", "°C", "ms", "px", "k", "th", " km", "-bit"})
		}
		return strings.ReplaceAll(pick(kinds[kind]), "_", " ")
	}
	texts := make([]string, n)
	for i := range texts {
		var b strings.Builder
		parts := strings.Split(templates[i%len(templates)], "{")
		b.WriteString(parts[0])
		for _, part := range parts[1:] {
			kind, rest, _ := strings.Cut(part, "}")
			b.WriteString(fill(kind))
			b.WriteString(rest)
		}
		texts[i] = b.String()
	}
	return texts
}

func capitalized(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
