package transcode

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"github.com/lectern/lectern/fault"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// systemParameters are accepted on every method and bind to no field
// (docs/contract.md 7.5). Most may also be written with a $ in front. Among them
// fields, the response mask, has no effect.
var systemParameters = []string{
	"alt", "callback", "fields", "key", "prettyPrint", "quotaUser", "access_token", "oauth_token",
	"uploadType", "upload_protocol", "$apiVersion", "$ct", "$.xgafv",
}

// isSystemParameter reports whether a query parameter is one of the platform's
// own, such as $alt, and not a field of the request.
func isSystemParameter(name string) bool {
	return slices.Contains(systemParameters, name) || slices.Contains(systemParameters, strings.TrimPrefix(name, "$"))
}

// NoQuery refuses any parameter that is not a system parameter: the query of a
// method whose fields all come from its path or body.
func NoQuery(values url.Values) error {
	var found []Violation
	for _, name := range sortedNames(values) {
		if len(found) < maxViolations {
			found = append(found, unboundParameter(name).Violations...)
		}
	}
	if len(found) > 0 {
		return &Error{found}
	}
	return nil
}

// PopulateQuery sets fields of msg from a query string. Names are the proto's
// or lowerCamelCase, nested ones joined with dots; a value that is empty leaves
// its field unset. Fields that the path has bound, which are those in bound,
// keep the path's value.
func PopulateQuery(msg proto.Message, values url.Values, bound *utilities.DoubleArray) error {
	var found []Violation
	for _, name := range sortedNames(values) {
		if err := populate(msg.ProtoReflect(), name, values[name], bound); err != nil && len(found) < maxViolations {
			found = append(found, err.Violations...)
		}
	}
	if len(found) > 0 {
		return &Error{found}
	}
	return nil
}

// sortedNames are the parameters that are not the platform's own.
func sortedNames(values url.Values) []string {
	var names []string
	for name := range values {
		if !isSystemParameter(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func populate(m protoreflect.Message, name string, texts []string, bound *utilities.DoubleArray) *Error {
	parts := strings.Split(name, ".")
	path := make([]string, len(parts))
	var fd protoreflect.FieldDescriptor
	for i, part := range parts {
		if i > 0 {
			if fd.Message() == nil || fd.IsList() || fd.IsMap() {
				return unboundParameter(name)
			}
			m = m.Mutable(fd).Message()
		}
		fields := m.Descriptor().Fields()
		if fd = fields.ByJSONName(part); fd == nil {
			fd = fields.ByName(protoreflect.Name(part))
		}
		if fd == nil {
			return unboundParameter(name)
		}
		path[i] = string(fd.Name())
	}
	if bound != nil && bound.HasCommonPrefix(path) {
		return nil
	}
	if fd.Message() != nil || fd.IsMap() {
		return unboundParameter(name)
	}
	return setTexts(m, fd, strings.Join(path, "."), texts)
}

func setTexts(m protoreflect.Message, fd protoreflect.FieldDescriptor, path string, texts []string) *Error {
	if !fd.IsList() && len(texts) > 1 {
		return refuse(path, "Invalid value at '%s': the parameter is given %d times.", path, len(texts))
	}
	for _, text := range texts {
		if text == "" {
			continue
		}
		v, ok := parseText(fd, text)
		switch {
		case !ok:
			return invalidValue(path, fd, strconv.Quote(text))
		case fd.IsList():
			m.Mutable(fd).List().Append(v)
		default:
			m.Set(fd, v)
		}
	}
	return nil
}

// parseText is a query's text as a value of fd. The kinds are those that the
// services' requests have; any other is refused.
func parseText(fd protoreflect.FieldDescriptor, text string) (protoreflect.Value, bool) {
	switch fd.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text), utf8.ValidString(text)
	case protoreflect.BoolKind:
		b, err := strconv.ParseBool(text)
		return protoreflect.ValueOfBool(b), err == nil
	case protoreflect.Int32Kind:
		n, err := strconv.ParseInt(text, 10, 32)
		return protoreflect.ValueOfInt32(int32(n)), err == nil
	case protoreflect.DoubleKind:
		x, err := strconv.ParseFloat(text, 64)
		return protoreflect.ValueOfFloat64(x), err == nil
	case protoreflect.EnumKind:
		if value := fd.Enum().Values().ByName(protoreflect.Name(text)); value != nil {
			return protoreflect.ValueOfEnum(value.Number()), true
		}
		n, err := strconv.ParseInt(text, 10, 32)
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(n)), err == nil && fd.Enum().Values().ByNumber(protoreflect.EnumNumber(n)) != nil
	}
	return protoreflect.Value{}, false
}

func unboundParameter(name string) *Error {
	name = strings.ToValidUTF8(name, "\uFFFD")
	return refuse(fault.Excerpt(name), "Invalid JSON payload received. Unknown name %s: Cannot bind query parameter. Field '%s' could not be found in request message.",
		quote(name), fault.Excerpt(name))
}
