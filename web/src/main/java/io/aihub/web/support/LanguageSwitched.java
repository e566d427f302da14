package io.aihub.web.support;

import java.util.Locale;

/** The reader goes on in another language: what a page keeps in words is to be said anew. */
public record LanguageSwitched(Locale to) {}
