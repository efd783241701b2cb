package ttsapi

// Headers are those of requests that the services read, in lower case, for who brings
// calls by REST: server.Config.Forward.
func Headers() []string {
	return []string{userProjectHeader, IdempotencyKeyHeader, CaptionsHeader, olderCaptionsHeader, lexiconHeader, webhookHeader}
}
