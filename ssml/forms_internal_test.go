package ssml

import (
	"strings"
	"testing"
	"time"
)

func TestLanguageTags(t *testing.T) {
	for tag, want := range map[string]bool{
		"en": true, "en-US": true, "EN-us": true, "es-419": true, "cmn-Hans-CN": true, "yue-HK": true, "sr-Latn-RS": true, "de-DE-1996": true,
		"sl-rozaj-biske": true, "zh-cmn-Hans-CN": true, "en-a-bbb-x-a-ccc": true, "de-DE-u-co-phonebk": true, "x-mine": true, "i-klingon": true, "en-x-a": true,
		"": false, "e": false, "en_US": false, "en-": false, "-US": false, "en--US": false, "english": false, "engl": false, "en US": false, "en-US ": false,
		"é": false, "en-u": false, "en-USA-": false, "x": false, "en-x": false, "12": false, "en-US-DE": false, "en-toolongsubtag": false,
	} {
		if got := isLanguageTag(tag); got != want {
			t.Errorf("isLanguageTag(%q) = %v", tag, got)
		}
	}
}

func TestTimes(t *testing.T) {
	for value, want := range map[string]Time{
		"2": {Offset: 2 * time.Second}, "0.5s": {Offset: time.Second / 2}, " + 1.5 ": {Offset: 1500 * time.Millisecond}, "\t-\n3ms ": {Offset: -3 * time.Millisecond},
		"1h": {Offset: time.Hour}, "1.5min": {Offset: 90 * time.Second}, "99999999999999999999h": {Offset: longest}, "-99999999h": {Offset: -longest},
		"a.end+2.0s": {ID: "a", AtEnd: true, Offset: 2 * time.Second}, "end.begin -\t1": {ID: "end", Offset: -time.Second},
		"1.begin+1s": {ID: "1", Offset: time.Second}, "+1.5 ": {Offset: 1500 * time.Millisecond},
	} {
		got, ok := parseTime(value)
		if !ok || *got != want {
			t.Errorf("parseTime(%q) = %+v, %v, want %+v", value, got, ok, want)
		}
	}
	for _, value := range []string{
		"", " ", "s", "+", ".5s", "1.s", "1 s", "1d", "1e3s", "1,5s", "+-1s", "a.end", "a.end+", "a.end 1s", "a.middle+1s", ".end+1s", "a b.end+1s",
		" a.end+1s", "a.end+1s x", "a.b.end+1s", "a.end+b.end", strings.Repeat("1", 5) + "x",
	} {
		if got, ok := parseTime(value); ok {
			t.Errorf("parseTime(%q) = %+v, want nothing", value, got)
		}
	}
}

func TestLengths(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"3s": 3 * time.Second, "+250.5ms": 250*time.Millisecond + 500*time.Microsecond, ".5s": time.Second / 2, "1.s": time.Second,
		"2min": 2 * time.Minute, "1h": time.Hour, "0s": 0, strings.Repeat("9", 400) + "ms": longest,
	} {
		if got, ok := parseLength(value); !ok || got != want {
			t.Errorf("parseLength(%.20q) = %v, %v, want %v", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "3", "s", "-3s", "3 s", " 3s", "3s ", "++3s", ".s", "3S", "3e2s", "0x3s", "Infs", "3,0s"} {
		if got, ok := parseLength(value); ok {
			t.Errorf("parseLength(%q) = %v, want nothing", value, got)
		}
	}
}
