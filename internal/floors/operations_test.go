package floors_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// logRow is a row of the table "What the log says".
var logRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (?:warn|error)")

// TestOperatorsPageHasEachLine holds that docs/operations.md tells of each message
// that the product logs as a warning or an error, and of no other.
func TestOperatorsPageHasEachLine(t *testing.T) {
	_, table, _ := strings.Cut(page(t, "docs/operations.md"), "## What the log says")
	told := map[string]bool{}
	for _, m := range logRow.FindAllStringSubmatch(table, -1) {
		told[m[1]] = true
	}
	said := map[string]bool{"http: …": true} // which net/http makes
	sources(t, func(name, text string) {
		if !ofProduct(name) {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if imports(file, "testing") { // a suite, whose t.Error is no log
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			message, logs := logged(call)
			switch text, literal := literalOf(message); {
			case !logs:
			case !literal:
				t.Errorf("%s logs a message that is no literal: its parts belong into attributes", name)
			case !told[text]:
				t.Errorf("%s logs %q, which docs/operations.md does not tell of", name, text)
			default:
				said[text] = true
			}
			return true
		})
	}, ".go")
	for text := range told {
		if !said[text] {
			t.Errorf("docs/operations.md tells of %q, which nothing logs", text)
		}
	}
	if len(said) < 30 {
		t.Errorf("only %d messages were found: does the pattern still fit?", len(said))
	}
}

// ofProduct reports whether a file is part of what operators run.
func ofProduct(name string) bool {
	return !strings.HasSuffix(name, "_test.go") && !strings.HasPrefix(name, "bench/") && !strings.Contains(name, "/testdata/")
}

func imports(file *ast.File, path string) bool {
	for _, i := range file.Imports {
		if i.Path.Value == strconv.Quote(path) {
			return true
		}
	}
	return false
}

// logged is the message of a call that logs a warning or an error, or at a level
// that is only known when it runs.
func logged(call *ast.CallExpr) (message ast.Expr, ok bool) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil, false
	}
	at := 0
	switch method.Sel.Name {
	case "Warn", "Error":
		if receiver := lastName(method.X); receiver != "log" && receiver != "Log" && receiver != "trace" && receiver != "slog" {
			return nil, false
		}
	case "WarnContext", "ErrorContext":
		at = 1
	case "Log", "LogAttrs":
		if len(call.Args) < 3 {
			return nil, false
		}
		if level := lastName(call.Args[1]); level == "LevelInfo" || level == "LevelDebug" || neverWarns[level+" "+textOf(call.Args[2])] {
			return nil, false
		}
		at = 2
	default:
		return nil, false
	}
	if len(call.Args) <= at {
		return nil, false
	}
	return call.Args[at], true
}

// neverWarns are lines whose level is a variable, and at most info.
var neverWarns = map[string]bool{"level grpc": true, "level rest": true}

// lastName is the name after the last point of an expression.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func textOf(e ast.Expr) string {
	text, _ := literalOf(e)
	return text
}

func literalOf(e ast.Expr) (text string, ok bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}

var metricName = regexp.MustCompile("`(lectern_[a-z_]+)")

// TestOperatorsPageHasEachMetric holds it to docs/metrics.md, which a test of
// internal/metrics holds to the code.
func TestOperatorsPageHasEachMetric(t *testing.T) {
	_, table, _ := strings.Cut(page(t, "docs/operations.md"), "## Metrics")
	_, lines, _ := strings.Cut(page(t, "docs/metrics.md"), "| metric |")
	lines, _, _ = strings.Cut(lines, "\n\n")
	found := metricName.FindAllStringSubmatch(lines, -1)
	for _, m := range found {
		if !strings.Contains(table, "| `"+m[1]+"` |") {
			t.Errorf("docs/operations.md does not say what to do when %s moves", m[1])
		}
	}
	if len(found) == 0 {
		t.Error("no metric was found in docs/metrics.md")
	}
}

var (
	doctorRow  = regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|")
	doctorLine = regexp.MustCompile(`d\.(?:well|bad|server)\((?:ctx, )?"([a-z]+)"`)
)

// TestOperatorsPageHasEachFinding holds that the page explains what lectern doctor
// looks at, and nothing else.
func TestOperatorsPageHasEachFinding(t *testing.T) {
	_, table, _ := strings.Cut(page(t, "docs/operations.md"), "## Doctor")
	table, _, _ = strings.Cut(table, "\n## ")
	told, looked := map[string]bool{}, map[string]bool{}
	for _, m := range doctorRow.FindAllStringSubmatch(table, -1) {
		told[m[1]] = true
	}
	for _, m := range doctorLine.FindAllStringSubmatch(page(t, "internal/command/doctor.go")+page(t, "internal/command/doctorserver.go"), -1) {
		looked[m[1]] = true
	}
	if !maps.Equal(told, looked) || len(told) == 0 {
		t.Errorf("docs/operations.md explains %v, lectern doctor looks at %v", told, looked)
	}
}
