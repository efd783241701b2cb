package main

import (
	"context"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

const (
	gatewayDir      = "ttsapi/restgw/"
	transcodeImport = "github.com/lectern/lectern/server/transcode"
)

// generateGateways writes one package of HTTP handlers per API: each of them
// has the same function names, so they cannot share one.
func generateGateways(ctx context.Context, set *fileSet, out map[string][]byte) error {
	set = set.clone()
	stripHTTPRules(set.byPath[operations])
	dir, err := os.MkdirTemp("", "apigen")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	rules := filepath.Join(dir, "rules.yaml")
	if err := os.WriteFile(rules, []byte(operationsRules()), 0o600); err != nil {
		return err
	}
	for _, gw := range []struct {
		pkg   string
		paths []string
	}{
		{"v1gw", []string{speechV1, longAudioV1}},
		{"v1beta1gw", []string{speechV1Beta, longAudioV1Beta}},
		{"operationsgw", []string{operations}},
	} {
		files, err := runPlugin(ctx, gatewayPlugin,
			"paths=source_relative,standalone=true,grpc_api_configuration="+rules, set, gw.paths...)
		if err != nil {
			return err
		}
		for name, content := range files {
			code, err := adapt(content, gw.pkg)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			out[gatewayDir+gw.pkg+"/"+name] = code
		}
	}
	return nil
}

const refuseQuery = `	if err := req.ParseForm(); err != nil {
		return nil, metadata, transcode.Refusal(err)
	}
	if err := transcode.NoQuery(req.Form); err != nil {
		return nil, metadata, transcode.Refusal(err)
	}
`

// adapt makes four changes to a generated file: it joins our package; the query
// is bound by our strict reader instead of the runtime's global one, which
// ignores unknown names; a method that takes nothing from its query refuses one
// instead of not looking; and an error of a reader keeps its details instead of
// being flattened to text.
func adapt(code, pkg string) ([]byte, error) {
	header, rest, ok := strings.Cut(code, "\n/*\nPackage ")
	_, rest, found := strings.Cut(rest, "\npackage ")
	_, rest, ended := strings.Cut(rest, "\n")
	if !ok || !found || !ended {
		return nil, errors.New("the generator now starts its files in another way")
	}
	// The package comment is in the package's doc.go.
	code = header + "\npackage " + pkg + "\n" + rest
	for _, r := range [][2]string{
		{`status.Errorf(codes.InvalidArgument, "%v", err)`, `transcode.Refusal(err)`},
		{`runtime.PopulateQueryParameters(`, `transcode.PopulateQuery(`},
		{"import (\n", "import (\n\t\"" + transcodeImport + "\"\n"},
	} {
		code = strings.ReplaceAll(code, r[0], r[1])
	}
	functions := strings.Split(code, "\nfunc ")
	for i, f := range functions {
		isRequest := strings.HasPrefix(f, "request_") || strings.HasPrefix(f, "local_request_")
		if isRequest && !strings.Contains(f, "transcode.PopulateQuery(") {
			functions[i] = strings.Replace(f, "\tmsg, err := ", refuseQuery+"\tmsg, err := ", 1)
		}
	}
	code = strings.Join(functions, "\nfunc ")
	// Each file decodes something; one that was not changed is one that this
	// function no longer understands.
	if !strings.Contains(code, "transcode.Refusal(err)") {
		return nil, errors.New("the generator now reports errors in another way")
	}
	return format.Source([]byte(code))
}

// stripHTTPRules drops the annotations of f: a configured rule that repeats an
// annotated one is an error, so operationsRules gives all of them.
func stripHTTPRules(f *descriptorpb.FileDescriptorProto) {
	for _, service := range f.Service {
		for _, method := range service.Method {
			if method.Options != nil {
				proto.ClearExtension(method.Options, annotations.E_Http)
			}
		}
	}
}

// operationsRules is the service configuration of google.longrunning.Operations:
// every path that an official client or the published pages use, under both
// versions, because operations are one namespace without a version
// (docs/contract.md 1.3). Wait over REST is our own extension.
func operationsRules() string {
	const (
		short = "operations/**"
		full  = "projects/*/locations/*/operations/*"
	)
	methods := []struct {
		name, verb, suffix string
		body               bool
		paths              []string
	}{
		{"ListOperations", "get", "", false, []string{"{name=projects/*/locations/*}/operations", "{name=operations}"}},
		{"GetOperation", "get", "", false, []string{"{name=" + full + "}", "{name=" + short + "}"}},
		{"DeleteOperation", "delete", "", false, []string{"{name=" + full + "}", "{name=" + short + "}"}},
		{"CancelOperation", "post", ":cancel", true, []string{"{name=" + full + "}", "{name=" + short + "}"}},
		{"WaitOperation", "post", ":wait", true, []string{"{name=" + full + "}", "{name=" + short + "}"}},
	}
	var b strings.Builder
	b.WriteString("type: google.api.Service\nconfig_version: 3\nhttp:\n  rules:\n")
	for _, m := range methods {
		fmt.Fprintf(&b, "  - selector: google.longrunning.Operations.%s\n", m.name)
		indent, first := "    ", true
		for _, path := range m.paths {
			for _, version := range []string{"v1", "v1beta1"} {
				fmt.Fprintf(&b, "%s%s: \"/%s/%s%s\"\n", indent, m.verb, version, path, m.suffix)
				if m.body {
					fmt.Fprintf(&b, "%sbody: \"*\"\n", strings.Replace(indent, "-", " ", 1))
				}
				if first {
					b.WriteString("    additional_bindings:\n")
					indent, first = "    - ", false
				}
			}
		}
	}
	return b.String()
}
