package g2p

import (
	"math/rand/v2"
	"strings"
)

// soup makes texts of pieces that the rules have something to say about, in no
// sense at all: what is written nowhere finds the corners.
func soup(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := strings.Fields(`the The THE a A an AN to To TO in In IN used Used am AM by vs vs. read live lead use record I i'd don't
	Don’t can't o'clock James' boxes' 's ’s 'em iPhone McDonald NATO NASA's FBI USA U.S. U.S.A. e.g. i.e. Ph.D. a.m. p.m. 10am 5pm Mr. Dr. St. No.
	1 2 3 10 12 100 101 105 110 200 305 999 1000 1066 1900 1905 2000 2005 2010 2024 12345 1,234 1,234,567 3.14 0.5 .5 5. 1.50 2.00 007
	1st 2nd 3rd 4th 21st 100th 1,000th 12s 1980s '80s 90's 3D 4K B2B MP3 H2O 12km 5kg 10% 50°C 7° km/h 5mph -5 -3.2 +7 1-2 2010-2015 1,,2 1.2.3 192.168.0.1
	$ £ € ¥ $5 $5.50 $1 $0.99 £3 €1,000.01 $1.005 $2.00 US$5 5$ $5m % & + @ # * ~ ^ < > = / | \ _ - -- --- – — ... … .. . , ; : ! ? ( ) { } " “ ” ‘ ’ ' '' ´
	:) :-( <3 http://a.com/b?c=d www.x.org foo@bar.com lectern.io x.y.z and/or well-known mother-in-law T-shirt x-ray re-read snake_case camelCase ABc aBC XMLHttp
	naïve café Zürich straße ÉCOLE Ångström ñandú Привет 東京 αβγ ½ ² x² m² ① १२ ﬁne Ⅳ ™ ® •
	blorft zzyzx Grumbulous quibblings skronked fleeming unblorfed hrm mm BLORFED Skronks' walked walking walks stopped stopping panicking panicked loved loving studies boxes
	WALKED Walking STUDIES Boxes ADDED added hated hating putting Kissed judges Hmm to2b a2b 2b b2 rock'n'roll o'neil 'tis y'all isn't`)
	glue := strings.Split(" | | | |||||-|'|.|,|/|:|_|’|…|\"|(|)|$|%|+|—|=|*", "|")
	texts := make([]string, n)
	for i := range texts {
		var b strings.Builder
		for range 1 + r.IntN(9) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			b.WriteString(glue[r.IntN(len(glue))])
		}
		texts[i] = b.String()
	}
	return texts
}
