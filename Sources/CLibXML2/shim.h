#pragma once
/* libxml2 is built with ICU and its headers then include ICU's, which clash with the ICU inside
   Foundation. Nothing here uses the parts concerned (character converters). */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
