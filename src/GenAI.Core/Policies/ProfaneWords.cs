namespace GenAI.Core.Policies;

/// <summary>English words that hardly any application wants to write. Without those that are also names, animals or parts of the body in a harmless sense.</summary>
internal static class ProfaneWords
{
    public static readonly string[] All =
    [
        "arsehole", "asshole", "ass hole", "asshat", "bastard", "bitch", "bitchy", "bloody hell", "blowjob", "bollock", "bollocks", "bugger off", "bullshit", "clusterfuck", "cocksucker", "crackwhore", "cum", "cumshot", "cunt", "damn you", "dickhead",
        "dipshit", "douchebag", "dumbass", "dyke", "fag", "faggot", "fuck", "fucker", "fuckface", "fuckwit", "gangbang", "goddamn", "goddamned", "handjob", "horseshit", "jackass", "jerk off", "jizz", "kike", "milf", "minge", "mindfuck", "motherfuck",
        "motherfucker", "nigga", "nigger", "nutsack", "paki", "piss off", "pissed off", "prick", "punani", "pussy", "raghead", "retard", "rimjob", "sandnigger", "shit", "shite", "shithead", "shitty", "skank", "slut", "slutty", "spastic", "tits", "titties", "tosser",
        "towelhead", "tranny", "twat", "wank", "wanker", "wetback", "whore", "gook", "chink", "spic",
    ];
}
