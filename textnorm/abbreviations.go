package textnorm

import "strings"

// kind says when a full stop behind an abbreviation does not end the sentence.
type kind uint8

const (
	_              kind = iota
	always              // Dr. Smith
	beforeNumber        // No. 5
	beforeName          // Elm St. Monday, but: Elm St. He
	nameBeforeName      // the same when written with a capital: Sat. May 5, but: the cat sat. Mary
)

// abbreviations are in lower case and without their last full stop. Single
// letters and dotted ones such as a.m. need not be here.
var abbreviations = byWord(map[kind]string{
	always: `mr mrs ms mx dr prof rev messrs mme mlle
		e.g i.e eg ie vs cf viz ca z.b d.h u.a bzw resp`,
	beforeNumber: `no nos nr num fig figs vol vols p pp ch chap sec art op eq pt ver par bk tel ext app tab nº`,
	beforeName: `st ave blvd rd ln hwy mt ft inc ltd co corp bros jr esq etc dept est univ assn
		al approx min max misc temp ed eds trans usw`,
	nameBeforeName: `hon pres gov sen rep gen col maj capt lt sgt cpl pvt cmdr adm sr sra srta hr fr
		jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun`,
})

func byWord(words map[kind]string) map[string]kind {
	kinds := make(map[string]kind)
	for k, list := range words {
		for word := range strings.FieldsSeq(list) {
			kinds[word] = k
		}
	}
	return kinds
}

// starters begin sentences far more often than they are names.
var starters = func() map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(`A An The I You He She It We They My Your His Her Our Their Its
		This That These Those There Here Who What When Where Why How Which
		And But Or Nor So Yet Then Thus If Although Because Since While As After Before Until Once
		In On At By For From With Without To Of Now Later Soon Meanwhile However Moreover Yes No Not
		Is Are Was Were Do Does Did Has Have Had Can Could Will Would Should Might Must Let
		Some Many Most All Both Each Every Another Such Nothing Nobody Everyone Please`) {
		set[word] = true
	}
	return set
}()
