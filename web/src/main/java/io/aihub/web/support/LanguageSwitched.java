package io.aihub.web.support;

/** The reader goes on in another language: what a page keeps in words is to be said anew. */
public record LanguageSwitched() {}
