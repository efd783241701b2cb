package transcode

const MaxDepth = maxDepth
