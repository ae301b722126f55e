/**
 * The data of COPY FROM STDIN, cut into rows that can go to different shards (manual, COPY, "File Formats").
 *
 * <pre>
 *   CopyData bodies,        CopyRowSplitter                      CopyRows
 *   cut anywhere      ──►   LineSplitter    text and csv   ──►   onHeader   to every shard
 *                           BinarySplitter                       onRow      with the key: to its shard
 *                                                                onEnd      to every shard
 * </pre>
 *
 * The bytes of a row are passed on as they came; the key alone is decoded. What a row needs beyond its key is for the shard to
 * judge. Holds at most one row. May use Netty buffers; no channel.
 */
@NullMarked
package io.pgring.proxy.copy;

import org.jspecify.annotations.NullMarked;
