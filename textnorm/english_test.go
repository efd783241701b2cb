package textnorm_test

import (
	"slices"
	"testing"

	"github.com/lectern/lectern/textnorm"
)

// Each class of what is written, as a careful reader says it.
var english = map[string][][2]string{
	"cardinals": {
		{"1 dog, 21 cats and 1,234,567 fish", "one dog, twenty one cats and one million two hundred thirty four thousand five hundred sixty seven fish"},
		{"0, 10, 100, 1000, 1,000,000,000", "zero, ten, one hundred, one thousand, one billion"},
		{"007", "zero zero seven"},
		{"12345678901", "one two three four five six seven eight nine zero one"},
		{"1,2,3", "one, two, three"},
		{"-5 and −6, not 3 - 4", "minus five and minus six, not three - four"},
		{"1500 people; 1950 soldiers", "one thousand five hundred people; one thousand nine hundred fifty soldiers"},
		{"٣ and ５", "three and five"},
	},
	"ordinals": {
		{"1st, 2nd, 3rd, 4th, 11th, 12th, 13th, 21st, 100th, 1,000th", "first, second, third, fourth, eleventh, twelfth, thirteenth, twenty first, one hundredth, one thousandth"},
		{"the 20th’s", "the twentieth's"},
		{"20ST", "twenty S.T"},
	},
	"decimals": {
		{"3.14, .5, 0.05, 1,000.25", "three point one four, point five, zero point zero five, one thousand point two five"},
		{"2.5 million", "two point five million"},
	},
	"fractions": {
		{"1/2, 3/4, 2/3, 7/100", "one half, three quarters, two thirds, seven one hundredths"},
		{"2 1/2 cups, 1½ hours, ¾", "two and a half cups, one and a half hours, three quarters"},
		{"24/7, 50/50, 2019/20", "twenty four seven, fifty fifty, twenty nineteen twenty"},
	},
	"ranges": {
		{"3-4 days, 20–30%, $5-$10", "three to four days, twenty to thirty percent, five dollars to ten dollars"},
		{"1990-1995, 1960s-1980s", "nineteen ninety to nineteen ninety five, nineteen sixties to nineteen eighties"},
		{"9am-5pm, 8 a.m.-5 p.m.", "nine A.M to five P.M, eight A.M to five P.M."},
		{"March 5-7, 2020", "March fifth to seventh, twenty twenty"},
		{"a 10-year-old boy", "a ten-year-old boy"},
		{"They won 3-2, odds of 3:1", "They won three to two, odds of three to one"},
	},
	"Roman numerals": {
		{"Henry VIII, Elizabeth II's reign and George V", "Henry the eighth, Elizabeth the second's reign and George the fifth"},
		{"World War II, World War I ended", "World War two, World War one ended"},
		{"Chapter IV, Part XII, Act I", "Chapter four, Part twelve, Act one"},
		{"Then I left. May I? Vitamin C and Malcolm X said", "Then I left. May I? Vitamin C and Malcolm X said"},
	},
	"money": {
		{"$5, $1, $1.50, $0.99, $1.01", "five dollars, one dollar, one dollar and fifty cents, ninety nine cents, one dollar and one cent"},
		{"£20.01, €30, ¥500, 100€, 5¢", "twenty pounds and one penny, thirty euros, five hundred yen, one hundred euros, five cents"},
		{"$3.5M, $2bn, £4 million", "three point five million dollars, two billion dollars, four million pounds"},
		{"US$20, A$5, EUR 5, 20 USD", "twenty U.S dollars, five Australian dollars, five euros, twenty U.S dollars"},
		{"-$5 or $20/mo", "minus five dollars or twenty dollars per month"},
		{"try 5, all 6", "try five, all six"},
	},
	"dates": {
		{"July 4th, 1776 and the 4th of July", "July fourth, seventeen seventy six and the fourth of July"},
		{"Sept. 3, Jan. 2, 2020; 25 Dec 1999", "September third, January second, twenty twenty; the twenty fifth of December nineteen ninety nine"},
		{"5/6/2024, 2024-05-06, 13.2.2020, 25/12/2020", "May sixth twenty twenty four, May sixth twenty twenty four, the thirteenth of February twenty twenty, the twenty fifth of December twenty twenty"},
		{"1999, 2000, 2005, 1905, 1900, 2024", "nineteen ninety nine, two thousand, two thousand five, nineteen oh five, nineteen hundred, twenty twenty four"},
		{"the '90s, 1920s, 1800s, '98", "the nineties, nineteen twenties, eighteen hundreds, ninety eight"},
		{"44 BC, 340 A.D., 500 BCE", "forty four B.C, three forty A.D, five hundred B.C.E"},
		{"2Q22 and Q3 2021", "the second quarter of twenty two and the third quarter of twenty twenty one"},
		{"You may 5 times march 10 miles", "You may five times march ten miles"},
	},
	"times": {
		{"5:30 p.m. now, 6pm, 7:05 AM EST", "five thirty P.M now, six P.M, seven oh five A.M E.S.T"},
		{"10.30 am, 2:30:15 PM", "ten thirty A.M, two thirty P.M and fifteen seconds"},
		{"12:00, 00:30, 23:59, 1:02:03", "twelve o'clock, zero thirty, twenty three fifty nine, one hour two minutes and three seconds"},
		{"It is 5 p.m.", "It is five P.M."},
		{"I am 5. He is 6 and am I 7?", "I am five. He is six and am I seven?"},
	},
	"telephone": {
		{"+44 20 7946 0958", "plus four four, two zero, seven nine four six, zero nine five eight"},
		{"(650) 555-0100 or 555-0123", "six five zero, five five five, zero one zero zero or five five five, zero one two three"},
		{"1-800-555-0199, 020 7946 0958", "one, eight hundred, five five five, zero one nine nine, zero two zero, seven nine four six, zero nine five eight"},
		{"078-05-1120", "zero seven eight, zero five, one one two zero"},
		{"192.168.0.1", "one nine two dot one six eight dot zero dot one"},
	},
	"measures": {
		{"5 kg, 1 km, 10 km/h, 20 m², 3 cm3, 2 sq ft", "five kilograms, one kilometer, ten kilometers per hour, twenty square meters, three cubic centimeters, two square feet"},
		{"72.5% at 98.6°F, -5 °C", "seventy two point five percent at ninety eight point six degrees Fahrenheit, minus five degrees Celsius"},
		{`5'10", 6 ft. tall, 3 in the box, 5 in. long`, "five feet ten inches, six feet tall, three in the box, five inches long"},
		{"2x4 cm, 16 GB, 3 million km", "two by four centimeters, sixteen gigabytes, three million kilometers"},
		{"½ kg, 1 1/2 lbs", "one half kilogram, one and a half pounds"},
		{"3D, 5G, 4 A's", "three D, five G, four A's"},
	},
	"electronic": {
		{"john.doe_99@example.co.uk", "john dot doe underscore nine nine at example dot co dot U.K"},
		{"https://www.example.com/path?x=1&y=2#top now", "H.T.T.P.S colon slash slash W.W.W dot example dot com slash path question mark x equals one ampersand y equals two hash top now"},
		{"See example.com, config.json and /usr/bin/env.", "See example dot com, config dot jason and slash usr slash bin slash env."},
		{"version 2.0, v1.2.3", "version two point zero, v one dot two dot three"},
		{"the end.And the end.then", "the end.And the end.then"},
	},
	"abbreviations": {
		{"Dr. Smith, Mr. and Mrs. Brown, Prof Jones", "Doctor Smith, Mister and Misses Brown, Professor Jones"},
		{"e.g. apples, i.e. fruit, etc.", "for example apples, that is fruit, et cetera."},
		{"St. Paul, Mt. Everest, John Smith Jr.", "Saint Paul, Mount Everest, John Smith Junior."},
		{"No. 5 and vol. 3, but no. Not", "Number five and volume three, but no. Not"},
		{"J. S. Bach vs. J. R. R. Tolkien", "J S Bach versus J R R Tolkien"},
		{"TV and a Ph.D.", "T.V and a P.H.D."},
	},
	"addresses": {
		{"123 Main St. in Springfield, IL 62704", "one twenty three Main Street in Springfield, Illinois six two seven zero four"},
		{"1600 Pennsylvania Ave NW, 221B Baker St, 708 N 1st St", "sixteen hundred Pennsylvania Avenue Northwest, two twenty one B Baker Street, seven zero eight North first Street"},
		{"Room 101, Flight 370", "Room one oh one, Flight three seventy"},
		{"I have 3 Dr. Pepper", "I have three Doctor Pepper"},
	},
	"acronyms": {
		{"the FBI, NASA and the U.S. Army", "the F.B.I, NASA and the U.S Army"},
		{"made in the U.S.A.", "made in the U.S.A."},
		{"the UK's GDP, BBC News", "the U.K's G.D.P, B.B.C News"},
		{"STOP SHOUTING NOW", "STOP SHOUTING NOW"},
	},
	"serials": {
		{"B2B, H2O, COVID-19, F-16, R2-D2, GPT-4", "B two B, H two O, COVID-nineteen, F-sixteen, R two-D two, GPT-four"},
		{"MIG-25/235212, TCP/IP", "MIG-twenty five, two three five two one two, T.C.P I.P"},
		{"AB-007-x123456", "AB-zero zero seven-x one two three four five six"},
	},
	"symbols": {
		{"2 + 2 = 4, 5 × 3, a = b & c", "two plus two equals four, five times three, a equals b and c"},
		{"5 - 2 = 3", "five minus two equals three"},
		{"#1, C#, C++, @user, and/or, §5", "number one, C sharp, C plus plus, at user, and or, section five"},
		{"A ===== B * * * C -- D", "A B C -- D"},
		{"①, ™ and ㎏", "one, trademark and kg"},
	},
	"emoji": {
		{"I love you 😀❤️!", "I love you grinning face red heart!"},
		{"👍🏽🇺🇸 👩‍💻", "thumbs up flag United States woman technologist"},
	},
	"plain text": {
		{"“Hello,” she said — ‘nice’ … (really?) [sic]", "“Hello,” she said — ‘nice’ … (really?) [sic]"},
		{"It's the dog's, isn't it? Müller's d'être", "It's the dog's, isn't it? Müller's d'être"},
		{"", ""},
		{" \n ", ""},
	},
}

func TestEnglish(t *testing.T) {
	n := textnorm.ForLanguage("en-US")
	for class, rows := range english {
		for _, row := range rows {
			s := n.Sentence(row[0], nil)
			if s.Text != row[1] {
				t.Errorf("%s: %q\nis  %q\nnot %q", class, row[0], s.Text, row[1])
			}
			checkSpoken(t, row[0], s)
		}
	}
}

func TestEnglishElsewhere(t *testing.T) {
	for _, c := range []struct{ tag, text, want string }{
		{"en-GB", "1,205 and 2,000,005", "one thousand two hundred and five and two million and five"},
		{"en-gb", "5/6/2024 and 12/25/2020", "the fifth of June twenty twenty four and the twenty fifth of December twenty twenty"},
		{"EN_AU", "July 4, 1999", "the fourth of July, nineteen ninety nine"},
		{"en-AU", "$5.05", "five dollars and five cents"},
		{"en-IN", "12,34,567 and 1,234,567", "twelve lakh thirty four thousand five hundred and sixty seven and twelve lakh thirty four thousand five hundred and sixty seven"},
		{"en-IN", "Rs. 500, ₹2 crore", "five hundred rupees, two crore rupees"},
		{"en", "105", "one hundred five"},
		{"en-NZ", "105", "one hundred and five"},
	} {
		if got := textnorm.ForLanguage(c.tag).Sentence(c.text, nil).Text; got != c.want {
			t.Errorf("%s: %q\nis  %q\nnot %q", c.tag, c.text, got, c.want)
		}
	}
}

// What cannot be spoken is told, with its place.
func TestWhatIsDroppedIsTold(t *testing.T) {
	const text = "a \u2063b\uE000 \xffc \u0301 d"
	s := textnorm.ForLanguage("en-US").Sentence(text, nil)
	if want := "a b c d"; s.Text != want {
		t.Errorf("%q, want %q", s.Text, want)
	}
	var dropped []string
	for _, d := range s.Dropped {
		dropped = append(dropped, d.Of(text))
	}
	if want := []string{"\u2063", "\uE000", "\xff", "\u0301"}; !slices.Equal(dropped, want) {
		t.Errorf("%q are dropped, want %q", dropped, want)
	}
}

func TestSourceOfWords(t *testing.T) {
	const text = "  On\nJuly 4th, 1776\u00AD he paid $3 😀 there."
	s := textnorm.ForLanguage("en-US").Sentence(text, nil)
	want := map[string]string{"On": "On", "fourth": "July 4th, 1776", "six": "July 4th, 1776", "paid": "paid", "dollars": "$3", "face": "😀", "there": "there"}
	found := 0
	for _, w := range s.Words {
		if source, ok := want[w.Of(s.Text)]; ok {
			found++
			if got := w.Source.Of(text); got != source {
				t.Errorf("%q comes from %q, want %q", w.Of(s.Text), got, source)
			}
		}
	}
	if found != len(want) {
		t.Errorf("%d words of %q were found", found, s.Text)
	}
}
