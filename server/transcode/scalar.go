package transcode

import (
	"encoding/base64"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// none is what is no value of a field.
var none protoreflect.Value

// fromText is what a JSON string means as a value of fd, by the rules of proto3
// JSON; none if nothing.
func fromText(fd protoreflect.FieldDescriptor, text string) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text)
	case protoreflect.BytesKind:
		if b, err := decodeBase64(text); err == nil {
			return protoreflect.ValueOfBytes(b)
		}
		return none
	case protoreflect.EnumKind:
		if value := fd.Enum().Values().ByName(protoreflect.Name(text)); value != nil {
			return protoreflect.ValueOfEnum(value.Number())
		}
		return none
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		if text == "NaN" || text == "Infinity" || text == "-Infinity" {
			return fromFloat(fd, text)
		}
	}
	return fromNumber(fd, text)
}

// fromWord is what a JSON word means as a value of fd: true, false, null or a
// number. An enum's number must be a known one.
func fromWord(fd protoreflect.FieldDescriptor, word string) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.BoolKind:
		if word == "true" || word == "false" {
			return protoreflect.ValueOfBool(word == "true")
		}
		return none
	case protoreflect.EnumKind:
		n, err := strconv.ParseInt(integer(word), 10, 32)
		if number := protoreflect.EnumNumber(n); err == nil && fd.Enum().Values().ByNumber(number) != nil {
			return protoreflect.ValueOfEnum(number)
		}
		return none
	}
	return fromNumber(fd, word)
}

func fromNumber(fd protoreflect.FieldDescriptor, text string) protoreflect.Value {
	if !isNumber(text) {
		return none
	}
	switch fd.Kind() {
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return fromFloat(fd, text)
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		if n, err := strconv.ParseInt(integer(text), 10, 32); err == nil {
			return protoreflect.ValueOfInt32(int32(n))
		}
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		if n, err := strconv.ParseUint(integer(text), 10, 32); err == nil {
			return protoreflect.ValueOfUint32(uint32(n))
		}
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		if n, err := strconv.ParseInt(integer(text), 10, 64); err == nil {
			return protoreflect.ValueOfInt64(n)
		}
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		if n, err := strconv.ParseUint(integer(text), 10, 64); err == nil {
			return protoreflect.ValueOfUint64(n)
		}
	}
	return none
}

func fromFloat(fd protoreflect.FieldDescriptor, text string) protoreflect.Value {
	if fd.Kind() == protoreflect.FloatKind {
		if x, err := strconv.ParseFloat(text, 32); err == nil {
			return protoreflect.ValueOfFloat32(float32(x))
		}
		return none
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		return protoreflect.ValueOfFloat64(x)
	}
	return none
}

// mostDigits is more than an integer of 64 bits has.
const mostDigits = 20

// integer writes a number as an integer does, such as 3 for 3.0 and 3e0; empty if
// it is none, or longer than any that a field holds. It counts digits, since a
// float no longer tells neighbours past 2^53 apart.
func integer(number string) string {
	digits, negative := strings.CutPrefix(number, "-")
	exponent := 0
	if e := strings.IndexAny(digits, "eE"); e >= 0 {
		var err error
		if exponent, err = strconv.Atoi(digits[e+1:]); err != nil {
			return "" // out of any range
		}
		digits = digits[:e]
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	exponent -= len(fraction)
	for exponent < 0 && strings.HasSuffix(digits, "0") {
		digits, exponent = digits[:len(digits)-1], exponent+1
	}
	switch {
	case digits == "":
		return "0"
	case exponent < 0 || exponent > mostDigits || len(digits)+exponent > mostDigits:
		return ""
	}
	digits += strings.Repeat("0", exponent)
	if negative {
		return "-" + digits
	}
	return digits
}

// decodeBase64 reads the standard and the URL alphabet, padded or not.
func decodeBase64(text string) ([]byte, error) {
	enc := base64.StdEncoding
	if strings.ContainsAny(text, "-_") {
		enc = base64.URLEncoding
	}
	if len(text)%4 != 0 {
		enc = enc.WithPadding(base64.NoPadding)
	}
	return enc.DecodeString(text)
}
