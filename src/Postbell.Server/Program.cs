Console.WriteLine("Postbell");
