#ifndef LOST_PAGES_H
#define LOST_PAGES_H

#include <stddef.h>

// Pages of a mapped file that are not there when they are touched: the file was made shorter by somebody else, or its file
// system has no room left for a page that was a hole. The process would end with SIGBUS; a page of a watched mapping becomes
// private zeros instead, and is counted. Whoever needs the page to be the file's must look at the count afterwards.

// Watches a shared mapping of small pages; what `lost_pages_forget` and `lost_pages_count` want, or -1 where there are too many.
int lost_pages_watch(const void *start, size_t length);

// Ends that, before the mapping goes.
void lost_pages_forget(int watch);

// How many pages of the mapping were lost.
size_t lost_pages_count(int watch);

#endif
