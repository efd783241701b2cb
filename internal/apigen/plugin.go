package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/pluginpb"
)

// The generators, each at a fixed version: another one would write other code.
const (
	goPlugin      = "google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12"
	goGRPCPlugin  = "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2"
	gatewayPlugin = "github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-grpc-gateway@v2.33.0"
)

// errNoPlugin says that a generator could not be fetched or built.
var errNoPlugin = errors.New("generator not to be had")

// fetchPlugin makes sure that a generator can be run.
func fetchPlugin(ctx context.Context, plugin string) error {
	out, err := exec.CommandContext(ctx, "go", "run", plugin, "--version").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s: %w: %s", errNoPlugin, plugin, err, out)
	}
	return nil
}

// runPlugin asks one generator for the code of the files at paths, and returns
// what it wrote by the last part of each name.
func runPlugin(ctx context.Context, plugin, parameter string, set *fileSet, paths ...string) (map[string]string, error) {
	if err := fetchPlugin(ctx, plugin); err != nil {
		return nil, err
	}
	request, err := proto.Marshal(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: paths,
		Parameter:      proto.String(parameter),
		ProtoFile:      set.ordered,
		// Messages and enums are those of proto3 files; nothing newer is used.
		CompilerVersion: &pluginpb.Version{Major: proto.Int32(6), Minor: proto.Int32(33), Patch: proto.Int32(2)},
	})
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "run", plugin)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(request), &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", plugin, err, stderr.String())
	}
	var response pluginpb.CodeGeneratorResponse
	if err := proto.Unmarshal(out, &response); err != nil {
		return nil, fmt.Errorf("%s: answer: %w", plugin, err)
	}
	if response.Error != nil {
		return nil, fmt.Errorf("%s: %s", plugin, response.GetError())
	}
	files := map[string]string{}
	for _, f := range response.File {
		name := f.GetName()[strings.LastIndexByte(f.GetName(), '/')+1:]
		files[name] = f.GetContent()
	}
	return files, nil
}
