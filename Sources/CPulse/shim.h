#pragma once
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

/* The part of libpulse that tells the sources of a sound server, loaded at run time: emoscope works without the library,
   and is built without its headers. Its interface is that of libpulse.so.0, to which fields are only ever added; what is
   declared here is as in pulse/introspect.h, and the tests hold it to a real server. */

typedef struct { int format; uint32_t rate; uint8_t channels; } cpulse_sample_spec;
typedef struct { uint8_t channels; int map[32]; } cpulse_channel_map;
typedef struct { uint8_t channels; uint32_t values[32]; } cpulse_volume;

typedef struct {
    const char *user_name, *host_name, *server_version, *server_name;
    cpulse_sample_spec sample_spec;
    const char *default_sink_name, *default_source_name;
} cpulse_server_info;

typedef struct {
    const char *name;
    uint32_t index;
    const char *description;
    cpulse_sample_spec sample_spec;
    cpulse_channel_map channel_map;
    uint32_t owner_module;
    cpulse_volume volume;
    int mute;
    uint32_t monitor_of_sink;
} cpulse_source_info;

typedef struct {
    uint32_t index;
    const char *name;
    uint32_t owner_module, client, source;
    cpulse_sample_spec sample_spec;
    cpulse_channel_map channel_map;
    uint64_t buffer_usec, source_usec;
    const char *resample_method, *driver;
    void *proplist;
} cpulse_source_output_info;

/* What a source has for `monitor_of_sink` that is no monitor. */
static const uint32_t cpulse_invalid_index = UINT32_MAX;

typedef struct {
    void *(*mainloop_new)(void);
    void (*mainloop_free)(void *loop);
    void *(*mainloop_get_api)(void *loop);
    int (*mainloop_prepare)(void *loop, int microseconds);
    int (*mainloop_poll)(void *loop);
    int (*mainloop_dispatch)(void *loop);
    void *(*context_new)(void *api, const char *name);
    int (*context_connect)(void *context, const char *server, int flags, const void *spawn);
    int (*context_get_state)(void *context);
    void (*context_disconnect)(void *context);
    void (*context_unref)(void *context);
    void (*context_set_subscribe_callback)(
        void *context, void (*callback)(void *context, int event, uint32_t index, void *user), void *user);
    void *(*context_subscribe)(
        void *context, int mask, void (*callback)(void *context, int success, void *user), void *user);
    void *(*context_get_server_info)(
        void *context, void (*callback)(void *context, const cpulse_server_info *info, void *user), void *user);
    void *(*context_get_source_info_list)(
        void *context, void (*callback)(void *context, const cpulse_source_info *info, int end, void *user),
        void *user);
    void *(*context_get_source_output_info_list)(
        void *context, void (*callback)(void *context, const cpulse_source_output_info *info, int end, void *user),
        void *user);
    void (*operation_unref)(void *operation);
    const char *(*proplist_gets)(void *proplist, const char *key);
} cpulse_calls;

/* Loads the library; 0 where it is not installed. It stays loaded. */
static inline int cpulse_load(cpulse_calls *calls)
{
    void *library = dlopen("libpulse.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return 0;
#define CPULSE_LOAD(name) \
    if (!(*(void **)&calls->name = dlsym(library, "pa_" #name))) return 0;
    CPULSE_LOAD(mainloop_new)
    CPULSE_LOAD(mainloop_free)
    CPULSE_LOAD(mainloop_get_api)
    CPULSE_LOAD(mainloop_prepare)
    CPULSE_LOAD(mainloop_poll)
    CPULSE_LOAD(mainloop_dispatch)
    CPULSE_LOAD(context_new)
    CPULSE_LOAD(context_connect)
    CPULSE_LOAD(context_get_state)
    CPULSE_LOAD(context_disconnect)
    CPULSE_LOAD(context_unref)
    CPULSE_LOAD(context_set_subscribe_callback)
    CPULSE_LOAD(context_subscribe)
    CPULSE_LOAD(context_get_server_info)
    CPULSE_LOAD(context_get_source_info_list)
    CPULSE_LOAD(context_get_source_output_info_list)
    CPULSE_LOAD(operation_unref)
    CPULSE_LOAD(proplist_gets)
#undef CPULSE_LOAD
    return 1;
}

/* pa_context_state_t, pa_context_flags_t and pa_subscription_mask_t, as far as they are used. */
enum { cpulse_ready = 4, cpulse_failed = 5 };
enum { cpulse_no_autospawn = 1 };
enum { cpulse_sources = 0x2, cpulse_source_outputs = 0x8 };
