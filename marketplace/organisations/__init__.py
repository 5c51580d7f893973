"""Who is who: users, organisations and their verification, memberships and roles, who acts for whom."""
