package transcode

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// fits reports whether a JSON scalar, as written, is a value of fd by the rules
// of proto3 JSON; an enum's number must also be a known one.
func fits(fd protoreflect.FieldDescriptor, written string) bool {
	isString := strings.HasPrefix(written, `"`)
	meaning := written
	if isString {
		s := scanner{body: []byte(written)}
		text, err := s.text()
		if err != nil {
			return false
		}
		meaning = text
	}
	switch fd.Kind() {
	case protoreflect.StringKind:
		return isString
	case protoreflect.BoolKind:
		return written == "true" || written == "false"
	case protoreflect.BytesKind:
		return isString && isBase64(meaning)
	case protoreflect.EnumKind:
		return fitsEnum(fd.Enum(), meaning, isString)
	case protoreflect.FloatKind:
		return isFloat(meaning, 32, isString)
	case protoreflect.DoubleKind:
		return isFloat(meaning, 64, isString)
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return isInteger(meaning, math.MinInt32, math.MaxInt32)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return isInteger(meaning, 0, math.MaxUint32)
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return isInteger(meaning, math.MinInt64, math.MaxInt64)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return isInteger(meaning, 0, math.MaxUint64)
	}
	return false
}

func fitsEnum(ed protoreflect.EnumDescriptor, meaning string, isString bool) bool {
	if isString {
		return ed.Values().ByName(protoreflect.Name(meaning)) != nil
	}
	if !isInteger(meaning, math.MinInt32, math.MaxInt32) {
		return false
	}
	n, err := strconv.ParseFloat(meaning, 64)
	return err == nil && ed.Values().ByNumber(protoreflect.EnumNumber(n)) != nil
}

// isInteger accepts 3, "3", 3.0 and 3e0 within bounds.
func isInteger(meaning string, low, high float64) bool {
	if !isNumber(meaning) {
		return false
	}
	if n, err := strconv.ParseInt(meaning, 10, 64); err == nil {
		return float64(n) >= low && float64(n) <= high
	}
	n, err := strconv.ParseFloat(meaning, 64)
	// Past 2^53 a float no longer tells neighbours apart; the final decoding
	// judges what lies exactly on a bound.
	return err == nil && n == math.Trunc(n) && n >= low && n <= high
}

func isFloat(meaning string, bits int, isString bool) bool {
	if isString && (meaning == "NaN" || meaning == "Infinity" || meaning == "-Infinity") {
		return true
	}
	if !isNumber(meaning) {
		return false
	}
	_, err := strconv.ParseFloat(meaning, bits)
	return err == nil
}

// isBase64 accepts the standard and the URL alphabet, padded or not.
func isBase64(text string) bool {
	enc := base64.StdEncoding
	if strings.ContainsAny(text, "-_") {
		enc = base64.URLEncoding
	}
	if len(text)%4 != 0 {
		enc = enc.WithPadding(base64.NoPadding)
	}
	_, err := enc.DecodeString(text)
	return err == nil
}
