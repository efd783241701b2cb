package g2p

import (
	"bytes"
	"compress/gzip"
	"testing"
	"testing/fstest"
)

// small are files with a few words, in the form of the voice's.
func small() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"lexicon_us_gold.json.gz": `{"A":"ˈA","B":"bˈi","C":"sˈi","Reading":"ɹˈɛdɪŋ","S":"ˈɛs","U":"jˈu","am":"æm","apple":"ˈæpᵊl","box":"bˈɑks",
			"cat":"kˈæt","don't":"dˈOnt","fifth":"fˈɪfθ","five":"fˈIv","hat":"hˈæt","known":"nˈOn","like":"lˈIk","of":{"DEFAULT":"ʌv","None":"ˈʌv"},"one":"wˈʌn","point":"pˈYnt",
			"read":{"DEFAULT":"ɹˈid","VBD":"ɹˈɛd","VBN":"ɹˈɛd"},"study":"stˈʌdi","to":"tu","two":"tˈu","dollar":"dˈɑləɹ","cent":"sˈɛnt","and":"ænd",
			"hundred":"hˈʌndɹəd","twenty":"twˈɛnti","oh":"ˈO","used":{"DEFAULT":"jˈuzd","VBD":"jˈust"},"wait":"wˈAt","well":"wˈɛl","phone":"fˈOn","percent":"pəɹsˈɛnt"}`,
		"lexicon_us_silver.json.gz": `{"quibble":"kwˈɪbᵊl"}`,
		"tagger.json.gz": `{"tags":["NN","DT","IN","CD","VB","VBD",".",",","$",":"],
			"tagdict":{"a":"DT","the":"DT","to":"IN","of":"IN","in":"IN",".":".",",":",","$":"$","–":":","—":":"},
			"vocab":["had","!DIGITS","!YEAR"],
			"weights":{"b":{"NN":1},"w=!DIGITS":{"CD":2.5},"w=!YEAR":{"CD":2.5},"sh=d":{"CD":1e1},"w-1=had":{"VBD":3},"t-1=IN":{"VB":1.5, "DT":-0.5}}}`,
		"tokenizer_exceptions.json": `{"Mr.":["Mr."],"cannot":["can","not"],"don't":["do","n't"],"Sept.":["Sept."],"U.S.":["U.S."]," ":[" "]}`,
		"vocab.json":                `{";":1,":":2,",":3,".":4,"!":5,"?":6,"—":9,"…":10,"(":12,")":13,"“":14,"”":15," ":16,"A":24,"I":25,"O":31,"T":36,"W":39,"Y":41,"ᵊ":42,"b":44,"d":46,"f":48,"h":50,"i":51,"k":53,"l":54,"m":55,"n":56,"p":58,"s":61,"t":62,"u":63,"v":64,"w":65,"z":68,"j":52,"ɑ":69,"ɐ":70,"æ":72,"ɔ":76,"ð":81,"ə":83,"ɛ":86,"ɡ":92,"ɪ":102,"ŋ":112,"θ":119,"ɹ":123,"ʃ":131,"ʊ":135,"ʌ":138,"ˈ":156,"ˌ":157,"ᵻ":177}`,
		"oov.json":                  `{"in":["a","b","o"],"out":["1","æ","b"],"slots":4,"maxlen":3}`,
	} {
		data := []byte(text)
		if name[len(name)-1] == 'z' {
			data = packed(data)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

// openSmall reads with few words. Its network says "æb" to every word.
func openSmall(t testing.TB) *English {
	t.Helper()
	e, err := Open(small(), "en-US", func(letters []int64) ([]int64, error) { return []int64{0, 2, 2, 0, 1, 9, 3, 3}, nil })
	if err != nil {
		t.Fatal(err)
	}
	return e
}
