#include <flite/flite.h>

// flite's library can play through ALSA. These take the place of its own
// functions, so that the linker leaves them out and needs no libasound.

cst_audiodev *audio_open_alsa(int sps, int channels, cst_audiofmt fmt)
{
	(void)sps, (void)channels, (void)fmt;
	return NULL;
}

int audio_close_alsa(cst_audiodev *device) { (void)device; return -1; }

int audio_write_alsa(cst_audiodev *device, void *samples, int bytes)
{
	(void)device, (void)samples, (void)bytes;
	return -1;
}

int audio_flush_alsa(cst_audiodev *device) { (void)device; return -1; }

int audio_drain_alsa(cst_audiodev *device) { (void)device; return -1; }
