"""The version of the privacy notice now in force. A change of its text is a new version: consent is asked again."""

VERSION = "2026-11"
NOTICE = "privacy"
