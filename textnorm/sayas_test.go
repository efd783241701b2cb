package textnorm_test

import (
	"testing"

	"github.com/lectern/lectern/textnorm"
)

func TestSayAsEnglish(t *testing.T) {
	for _, c := range []struct{ tag, as, format, detail, content, want string }{
		// What Google documents.
		{"en-US", "cardinal", "", "", "12345", "twelve thousand three hundred forty five"},
		{"en-GB", "cardinal", "", "", "12345", "twelve thousand three hundred and forty five"},
		{"en-US", "cardinal", "", "", "10", "ten"},
		{"en-US", "ordinal", "", "", "1", "first"},
		{"en-US", "ordinal", "", "", "10", "tenth"},
		{"en-US", "characters", "", "", "can", "C A N"},
		{"en-US", "characters", "", "", "SSML", "S S M L"},
		{"en-US", "characters", "", "", "10", "one oh"},
		{"en-US", "verbatim", "", "", "abcdefg", "A B C D E F G"},
		{"en-US", "spell-out", "", "", "abcdefg", "A B C D E F G"},
		{"en-US", "fraction", "", "", "5+1/2", "five and a half"},
		{"en-US", "unit", "", "", "10 foot", "ten feet"},
		{"en-US", "currency", "", "", "$42.01", "forty two dollars and one cent"},
		{"en-US", "telephone", "", "", "1800-202-1212", "one eight oh oh, two oh two, one two one two"},
		{"en-US", "telephone", "zero-as-zero", "", "1800-202-1212", "one eight zero zero, two zero two, one two one two"},
		{"en-US", "date", "yyyymmdd", "1", "1960-09-10", "the tenth of September, nineteen sixty"},
		{"en-US", "date", "dm", "", "10-9", "the tenth of September"},
		{"en-US", "date", "dmy", "2", "10-9-1960", "September tenth, nineteen sixty"},
		{"en-US", "time", "hms12", "", "2:30pm", "two thirty P.M"},
		{"en-US", "duration", "h:m", "", "5:30", "five hours and thirty minutes"},
		// What follows from it.
		{"en-US", "cardinal", "", "", "-7", "minus seven"},
		{"en-US", "cardinal", "", "", "XIV", "fourteen"},
		{"en-US", "ordinal", "", "", "21st", "twenty first"},
		{"en-US", "ordinal", "", "", "XXI", "twenty first"},
		{"en-US", "characters", "", "", "a-1b.c", "A dash one B dot C"},
		{"en-US", "characters", "", "", "é ß", "É ß"},
		{"en-US", "fraction", "", "", "2/9", "two ninths"},
		{"en-US", "fraction", "", "", "3+3/4", "three and three quarters"},
		{"en-US", "unit", "", "", "1 foot", "one foot"},
		{"en-US", "unit", "", "", "3 box", "three boxes"},
		{"en-US", "unit", "", "", "5 kg", "five kilograms"},
		{"en-US", "currency", "", "", "USD 5", "five U.S dollars"},
		{"en-US", "currency", "", "", "€1", "one euro"},
		{"en-US", "telephone", "zero-as-zero", "", "+1 (650) 555-0100", "plus one, six five zero, five five five, zero one zero zero"},
		{"en-US", "date", "ymd", "", "20240229", "February twenty ninth, twenty twenty four"},
		{"en-US", "date", "mdy", "", "5/1/2005", "May first, two thousand five"},
		{"en-US", "date", "md", "", "September 10", "the tenth of September"},
		{"en-US", "date", "y", "", "1960", "nineteen sixty"},
		{"en-US", "date", "my", "", "9/1960", "September, nineteen sixty"},
		{"en-US", "date", "", "", "1960-09-10", "September tenth nineteen sixty"},
		{"en-US", "time", "", "", "14:05", "two oh five P.M"},
		{"en-US", "time", "hms24", "", "14:05", "fourteen oh five"},
		{"en-US", "time", "hms12", "1", "2:30pm", "fourteen thirty"},
		{"en-US", "time", "hms24", "2", "14:30", "two thirty P.M"},
		{"en-US", "time", "hm", "", "0930", "nine thirty"},
		{"en-US", "time", "h", "", "7am", "seven A.M"},
		{"en-US", "duration", "h:m:s", "", "1:00:05", "one hour and five seconds"},
		{"en-US", "duration", "s:ms", "", "2:500", "two seconds and five hundred milliseconds"},
		{"en-US", "bleep", "", "", "damn", ""},
		{"ja", "characters", "", "", "ab1", "A B 1"},
		{"it", "cardinal", "", "", "21", "ventuno"},
	} {
		as := textnorm.SayAs{InterpretAs: c.as, Format: c.format, Detail: c.detail}
		if c.format == "zero-as-zero" {
			as.Format, as.ZeroAsZero = "", true
		}
		got, ok := textnorm.ForLanguage(c.tag).SayAs(c.content, as)
		if !ok || got.Text != c.want {
			t.Errorf("%s %s %q %q: %q is %q (%v), want %q", c.tag, c.as, c.format, c.detail, c.content, got.Text, ok, c.want)
		}
	}
}

func TestSayAsThatDoesNotFit(t *testing.T) {
	for _, c := range []struct{ as, format, content string }{
		{"cardinal", "", "ten"}, {"cardinal", "", ""}, {"cardinal", "", "1 2"}, {"ordinal", "", "1.5"}, {"fraction", "", "half"},
		{"unit", "", "foot"}, {"currency", "", "many"}, {"telephone", "", "none"}, {"date", "q", "1960"}, {"date", "dm", "40-9"},
		{"date", "dmy", "soon"}, {"date", "dm", "1-2-3"}, {"time", "", "noon"}, {"time", "hms12", "25:00"}, {"duration", "h:m", "5"}, {"duration", "x", "5"},
		{"duration", "", "5"}, {"address", "", "5"}, {"date", "dmy", "99999999999999"}, {"time", "", "99999999999"}, {"characters", "", " "},
	} {
		if got, ok := textnorm.ForLanguage("en-US").SayAs(c.content, textnorm.SayAs{InterpretAs: c.as, Format: c.format}); ok {
			t.Errorf("%s %q: %q is read as %q", c.as, c.format, c.content, got.Text)
		}
	}
}
