namespace GenAI.Core.Policies;

/// <summary>English words that hardly any application wants to write. Without those that are also names, animals or parts of the body in a harmless sense.</summary>
internal static class ProfaneWords
{
    public static readonly string[] All =
    [
        "arsehole", "asshole", "ass hole", "asshat", "bastard", "bitch", "bitchy", "blowjob", "bollock", "bollocks", "bugger off", "bullshit", "clusterfuck", "cocksucker", "crackwhore", "cumshot", "cunt", "dickhead",
        "dipshit", "douchebag", "dumbass", "fag", "faggot", "fuck", "fucker", "fuckface", "fuckwit", "gangbang", "goddamn", "goddamned", "handjob", "horseshit", "jackass", "jerk off", "jizz", "kike", "milf", "mindfuck", "motherfuck",
        "motherfucker", "nigga", "nigger", "nutsack", "piss off", "pissed off", "punani", "pussy", "raghead", "retard", "rimjob", "sandnigger", "shit", "shite", "shithead", "shitty", "skank", "slut", "slutty", "tits", "titties", "tosser",
        "towelhead", "tranny", "twat", "wank", "wanker", "wetback", "whore", "gook",
    ];
}
