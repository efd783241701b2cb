package floors_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// forOthers are packages whose users are other programs: of them the tests from
// outside, which are written as such programs are, count as users.
var forOthers = map[string]string{
	".":           "it is embedded",
	"lecterntest": "it is for tests of other programs",
}

// generated are packages that a program has written, after what is not ours.
var generated = []string{"ttsapi/v1beta1pb", "ttsapi/restgw/v1gw", "ttsapi/restgw/v1beta1gw", "ttsapi/restgw/operationsgw"}

// unused are exported all the same, each for its reason.
var unused = map[string]string{
	"audio.Resting":                optional,
	"encode/packets.Streamer":      optional,
	"encode/packets.Flusher":       optional,
	"engine/neural/vocoder.Before": "one of a pair with Behind",
	"engine/tone.Character":        measurable,
	"engine/tone.Amplitude":        measurable,
	"engine/tone.Frequency":        measurable,
	"internal/voicestore.Damage":   "an error, to be told apart by callers",
	"lro.Status.EndTime":           "what the messages of another kind of work may tell",
	"phoneme.Phone.Tone":           "a part of what a phone is",
	"server/transcode.Error":       "an error, to be told apart by callers",
	"ssml.Span.Alias":              "a part of what a span is",
	"ssml.Element.Attribute":       tree,
	"ssml.Run":                     tree,
}

const (
	optional   = "what implementers may offer, and are asked for"
	measurable = "what a test may expect of the sound of tones"
	tree       = "the tree of a document, which parsing shows whole"
)

// TestExportsHaveUsers: what a package exports is used by another one, by that one's
// tests, or by an example. Users are found by names: of functions, types and the like
// exactly; of methods and fields if another package selects anything of that name. A
// type is used too by what is exported and mentions it, and a constant by its type. A
// field is a setting, which may be left out, where another package fills in others of
// its struct. Methods that implement something say so in their comments, fields with
// tags are for their encoding, and errors are for callers to tell apart.
func TestExportsHaveUsers(t *testing.T) {
	files := parseAll(t)
	u := users{names: map[string]bool{}, members: map[string]map[string]bool{}, filled: map[string]bool{}}
	for _, f := range files {
		u.add(f)
	}
	known := map[string]bool{}
	for _, f := range files {
		if f.test || f.syntax.Name.Name == "main" || slices.Contains(generated, f.pkg) {
			continue
		}
		for _, e := range f.exports() {
			known[e.name] = true
			if !u.use(f.pkg, e) && unused[e.name] == "" {
				t.Errorf("%s: %s has no user: use it, unexport it or remove it", f.position(e.at), e.name)
			}
		}
	}
	for name := range unused {
		if !known[name] {
			t.Errorf("%s is exempt and is not there", name)
		}
	}
}

// TestUnusedExportsAreFound: a rule that finds nothing would pass as well.
func TestUnusedExportsAreFound(t *testing.T) {
	files := []*source{
		sourceOf(t, "lexicon", false, `package lexicon
			const Lonely = 1
			const Shared = 2
			type Told struct{ Seen, Hidden int }
			func Tell() Told { return Told{Seen: Shared, Hidden: Lonely} }
			func (Told) Asked() {}
			func (Told) Silent() {}`),
		sourceOf(t, "lexicon", true, `package lexicon_test
			import "github.com/lectern/lectern/lexicon"
			func TestTell(*T) { lexicon.Tell().Silent(); _ = lexicon.Lonely }
			func ExampleTell() { _ = lexicon.Shared }`),
		sourceOf(t, "synth", false, `package synth
			import "github.com/lectern/lectern/lexicon"
			func use() { t := lexicon.Tell(); t.Asked(); _ = t.Seen }`),
	}
	u := users{names: map[string]bool{}, members: map[string]map[string]bool{}, filled: map[string]bool{}}
	for _, f := range files {
		u.add(f)
	}
	var found []string
	for _, e := range files[0].exports() {
		if !u.use("lexicon", e) {
			found = append(found, e.name)
		}
	}
	if want := []string{"lexicon.Lonely", "lexicon.Told.Hidden", "lexicon.Told.Silent"}; !slices.Equal(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
}

func sourceOf(t *testing.T, pkg string, test bool, text string) *source {
	t.Helper()
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, pkg+".go", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return &source{pkg, test, syntax, set}
}

// source is one file of the repository.
type source struct {
	pkg    string // of the directory, as floorOf spells it
	test   bool
	syntax *ast.File
	files  *token.FileSet
}

func (f *source) position(at token.Pos) string {
	p := f.files.Position(at)
	return strings.TrimPrefix(filepath.ToSlash(p.Filename), "../../") + ":" + strconv.Itoa(p.Line)
}

func parseAll(t *testing.T) (all []*source) {
	t.Helper()
	set := token.NewFileSet()
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "../.." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		pkg, err := filepath.Rel("../..", filepath.Dir(name))
		if err != nil {
			return err
		}
		all = append(all, &source{filepath.ToSlash(pkg), strings.HasSuffix(name, "_test.go"), syntax, set})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// users are the names that are used: of packages as "package.Name", and members by
// the packages that select them or have them as keys of a literal.
type users struct {
	names   map[string]bool
	members map[string]map[string]bool
	filled  map[string]bool // package.Type, of structs
}

// outside stands for packages that are not of this repository: examples and tests from
// outside of a package of forOthers, and interfaces, which anything may satisfy.
const outside = "outside"

func (u users) member(name, by string) {
	if u.members[name] == nil {
		u.members[name] = map[string]bool{}
	}
	u.members[name][by] = true
}

// use reports whether e of pkg is used.
func (u users) use(pkg string, e export) bool {
	if !e.member {
		return u.names[e.name] || e.typ != "" && u.names[pkg+"."+e.typ]
	}
	by := u.members[e.last]
	return u.filled[pkg+"."+e.typ] || len(by) > 1 || len(by) == 1 && !by[pkg]
}

// add notes what f uses.
func (u users) add(f *source) {
	imports := f.imports()
	external := strings.HasSuffix(f.syntax.Name.Name, "_test")
	for _, d := range f.syntax.Decls {
		by := f.pkg
		if fn, ok := d.(*ast.FuncDecl); ok && external && strings.HasPrefix(fn.Name.Name, "Example") || external && forOthers[f.pkg] != "" {
			by = outside
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && imports[x.Name] != "" {
					if pkg := imports[x.Name]; pkg != by {
						u.names[pkg+"."+n.Sel.Name] = true
					}
					return true
				}
				u.member(n.Sel.Name, by)
			case *ast.CompositeLit:
				typ := n.Type
				if list, ok := typ.(*ast.ArrayType); ok {
					typ = list.Elt // its elements leave theirs out
				}
				if of, ok := typ.(*ast.SelectorExpr); ok {
					if x, ok := of.X.(*ast.Ident); ok && imports[x.Name] != by {
						u.filled[imports[x.Name]+"."+of.Sel.Name] = true
					}
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok {
					u.member(key.Name, by)
				}
			case *ast.InterfaceType:
				for _, m := range n.Methods.List {
					for _, name := range m.Names {
						u.member(name.Name, outside)
					}
				}
			}
			return true
		})
	}
	if !f.test {
		u.mention(f)
	}
}

// imports are ours of f, by their local names.
func (f *source) imports() map[string]string {
	all := map[string]string{}
	for _, i := range f.syntax.Imports {
		importPath, _ := strconv.Unquote(i.Path.Value)
		name, ours := nameOf(importPath)
		if !ours {
			continue
		}
		local := path.Base(importPath)
		if i.Name != nil {
			local = i.Name.Name
		}
		all[local] = name
	}
	return all
}

// mention notes the types that f's exports need to be told: those of parameters,
// results, fields and variables.
func (u users) mention(f *source) {
	types := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field: // not its names
				ast.Inspect(n.Type, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						u.names[f.pkg+"."+id.Name] = true
					}
					return true
				})
				return false
			case *ast.Ident:
				u.names[f.pkg+"."+n.Name] = true
			}
			return true
		})
	}
	for _, d := range f.syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() {
				types(d.Type)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					if s.Type != nil && d.Tok == token.VAR && s.Names[0].IsExported() {
						types(s.Type)
					}
				case *ast.TypeSpec:
					if s.Name.IsExported() {
						types(s.Type)
					}
				}
			}
		}
	}
}

// export is something exported.
type export struct {
	name   string // package.Name or package.Type.Name
	last   string // of that
	member bool   // a method or a field
	typ    string // of a constant, or the struct of a field
	at     token.Pos
}

var (
	implements = regexp.MustCompile(`\bimplements?\b`)
	isError    = regexp.MustCompile(`^Err[A-Z]`)
)

func (f *source) exports() (all []export) {
	add := func(name *ast.Ident, in, typ string) {
		if !name.IsExported() || in == "" && isError.MatchString(name.Name) {
			return
		}
		e := export{name: f.pkg + "." + name.Name, last: name.Name, typ: typ, at: name.Pos()}
		if in != "" {
			e.name, e.member = f.pkg+"."+in+"."+name.Name, true
		}
		all = append(all, e)
	}
	for _, d := range f.syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(d.Name, "", "")
			} else if receiver := receiverOf(d); ast.IsExported(receiver) && !implements.MatchString(d.Doc.Text()) {
				add(d.Name, receiver, "")
			}
		case *ast.GenDecl:
			typ := "" // of the constants, which those without one go on with
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					if id, ok := s.Type.(*ast.Ident); ok {
						typ = id.Name
					} else if len(s.Values) > 0 {
						typ = ""
					}
					for _, name := range s.Names {
						add(name, "", typ)
					}
				case *ast.TypeSpec:
					add(s.Name, "", "")
					fields, ok := s.Type.(*ast.StructType)
					if !ok || !s.Name.IsExported() {
						continue
					}
					for _, field := range fields.Fields.List {
						for _, name := range field.Names {
							if field.Tag == nil {
								add(name, s.Name.Name, s.Name.Name)
							}
						}
					}
				}
			}
		}
	}
	return all
}

func receiverOf(d *ast.FuncDecl) string {
	x := d.Recv.List[0].Type
	if star, ok := x.(*ast.StarExpr); ok {
		x = star.X
	}
	if generic, ok := x.(*ast.IndexExpr); ok {
		x = generic.X
	}
	name, _ := x.(*ast.Ident)
	return name.Name
}
