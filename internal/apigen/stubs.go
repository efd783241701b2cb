package main

import "context"

const stubsDir = "ttsapi/v1beta1pb/"

// generateStubs writes the messages and gRPC services of v1beta1.
func generateStubs(ctx context.Context, set *fileSet, out map[string][]byte) error {
	for _, plugin := range []string{goPlugin, goGRPCPlugin} {
		files, err := runPlugin(ctx, plugin, "paths=source_relative", set, speechV1Beta, longAudioV1Beta)
		if err != nil {
			return err
		}
		for name, content := range files {
			out[stubsDir+name] = []byte(content)
		}
	}
	return nil
}
